/* The body of OSTaskSwHook. From the hook's entry to the counter read the path is straight and of fixed length (the
   hook's own branch, then the ISB), so that a test can say when each switch hit must have been. */
#include "platform.h"

        .syntax unified
        INSTRUCTION_SET
        .text

        .equ    TRUTH_SWITCH, 1
        .equ    TRUTH_RING_MASK, 0xFFFF

        .global truth_switch
        .type   truth_switch, %function
        .global truth_switch_counter_read
        .balign 4
truth_switch:
        isb                             /* keeps the counter read in program order */
truth_switch_counter_read:
        mrrc    p15, 1, r2, r3, c14     /* CNTVCT */
        ldr     r0, =OSPrioCur
        ldr     r1, =OSPrioHighRdy
        ldrb    r0, [r0]
        ldrb    r1, [r1]
        cmp     r0, r1
        bxeq    lr                      /* not a switch */
        lsl     r0, r0, #8
        orr     r0, r0, r1, lsl #16
        orr     r0, r0, #TRUTH_SWITCH   /* kind, from, to, reserved */
        ldr     r12, =truth_count
        ldr     r1, [r12]               /* seq */
        push    {r4, r5}
        movw    r4, #TRUTH_RING_MASK
        and     r4, r4, r1
        ldr     r5, =truth_ring
        add     r5, r5, r4, lsl #4
        strd    r2, r3, [r5]
        strd    r0, r1, [r5, #8]
        add     r1, r1, #1
        str     r1, [r12]
        ldr     r12, =truth_switches
        ldr     r1, [r12]
        add     r1, r1, #1
        str     r1, [r12]
        pop     {r4, r5}
        bx      lr
        .size   truth_switch, . - truth_switch
        .ltorg
