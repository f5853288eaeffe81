#include "platform.h"

        .syntax unified
        INSTRUCTION_SET
        .text
        .global burn
        .type   burn, %function
        .balign 16
burn:
        mov     r1, r0
1:      add     r1, r1, r1, ror #7
        eor     r1, r1, r0
        subs    r0, r0, #1
        bne     1b
        bx      lr
        .size   burn, . - burn
