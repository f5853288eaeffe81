/* One core, interrupts to C: SVC and IRQ mode have a stack each. */
#include "platform.h"

        .syntax unified
        .arm

        .section .text.start, "ax", %progbits
        .global start
        .type   start, %function
start:
        cpsid   aif, #CPSR_MODE_IRQ
        ldr     sp, =irq_stack_top
        cps     #CPSR_MODE_SVC
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
        push    {r0-r3, r12, lr}
        bl      timer_interrupt
        ldm     sp!, {r0-r3, r12, pc}^
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
        .space  1024
irq_stack_top:
        .space  2048
svc_stack_top:
