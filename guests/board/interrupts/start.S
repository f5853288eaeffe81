/* One core. Interrupts go to C in SVC mode, so that the handler may be interrupted itself. */
#include "platform.h"

        .syntax unified
        .arm

        .section .text.start, "ax", %progbits
        .global start
        .type   start, %function
start:
        cpsid   aif, #CPSR_MODE_SVC
        ldr     sp, =svc_stack_top
        ldr     r0, =vectors
        mcr     p15, 0, r0, c12, c0, 0          /* VBAR */
        isb
        bl      main
1:      wfi
        b       1b
        .size   start, . - start

        .type   irq_entry, %function
irq_entry:
        sub     lr, lr, #4
        srsdb   sp!, #CPSR_MODE_SVC
        cps     #CPSR_MODE_SVC
        push    {r0-r3, r12, lr}
        and     r1, sp, #4                      /* the stack is aligned to 8 for C */
        sub     sp, sp, r1
        push    {r1, r2}
        bl      interrupt
        pop     {r1, r2}
        add     sp, sp, r1
        pop     {r0-r3, r12, lr}
        rfeia   sp!
        .size   irq_entry, . - irq_entry

        .text
        .balign 32
        .type   vectors, %object
vectors:
        b       .
        b       .
        b       .
        b       .
        b       .
        b       .
        b       irq_entry
        b       .
        .size   vectors, . - vectors
        .ltorg

        .bss
        .balign 8
        .space  8192
svc_stack_top:
