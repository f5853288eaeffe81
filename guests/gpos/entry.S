/* Exception entry and exit. Only interrupts are expected; any other exception stops the kernel. */
#include "platform.h"

        .equ    GICC_IAR_OFFSET, 0x0C
        .equ    GICC_EOIR_OFFSET, 0x10

        .syntax unified
        .arm
        .text

        .global vectors
        .type   vectors, %object
        .balign 32
vectors:
        b       panic                   /* reset */
        b       panic                   /* undefined instruction */
        b       panic                   /* supervisor call */
        b       panic                   /* prefetch abort */
        b       panic                   /* data abort */
        b       panic                   /* not used */
        b       __irq_svc
        b       panic                   /* FIQ */
        .size   vectors, . - vectors

/* An interrupt of kernel code: on the stack of the interrupted task, in SVC mode. The registers that the handler may
   change (AAPCS) are kept here, r4 and r5 for this function's own use. */
        .global __irq_svc
        .type   __irq_svc, %function
__irq_svc:
        sub     lr, lr, #4
        srsdb   sp!, #CPSR_MODE_SVC
        cps     #CPSR_MODE_SVC
        push    {r0-r5, r12, lr}
        ldr     r4, =PLATFORM_GICC_BASE
        ldr     r5, [r4, #GICC_IAR_OFFSET]
        ubfx    r0, r5, #0, #10
        ldr     r1, =PLATFORM_IRQ_SPURIOUS
        cmp     r0, r1
        beq     1f
        bl      handle_irq
        str     r5, [r4, #GICC_EOIR_OFFSET]
1:      pop     {r0-r5, r12, lr}
        rfeia   sp!
        .size   __irq_svc, . - __irq_svc
        .ltorg

        .type   panic, %function
panic:
        cpsid   aif
1:      wfi
        b       1b
        .size   panic, . - panic
