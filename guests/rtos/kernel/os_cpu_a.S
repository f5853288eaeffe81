/* Context switches and the interrupt entry. Tasks run in SVC mode.
   A saved task's stack, from OSTCBStkPtr (offset 0 of the TCB) upwards: R0..R12, LR, PC, CPSR. */
#include "platform.h"

        .syntax unified
        .arm
        .text

        .macro FUNCTION name
        .global \name
        .type   \name, %function
        .balign 4
\name:
        .endm

        .macro END name
        .size   \name, . - \name
        .endm

/* Called by OS_Sched with interrupts masked: saves the current task as if it had been interrupted at the return
   address, and continues OSTCBHighRdy. */
FUNCTION OSCtxSw
        push    {r3, lr}                /* the slots of PC and CPSR */
        mrs     r3, cpsr
        str     lr, [sp]
        str     r3, [sp, #4]
        push    {r0-r12, lr}
        ldr     r0, =OSTCBCur
        ldr     r0, [r0]
        str     sp, [r0]
        bl      OSTaskSwHook
        b       os_switch_in
END OSCtxSw

/* Called by OSIntExit: the interrupted task is saved already, this call's own frames are given up. */
FUNCTION OSIntCtxSw
        bl      OSTaskSwHook
        b       os_switch_in
END OSIntCtxSw

/* Called at every context switch, while OSPrioCur and OSTCBCur still name the task that leaves. */
FUNCTION OSTaskSwHook
        b       truth_switch
END OSTaskSwHook

FUNCTION os_switch_in
        ldr     r0, =OSPrioHighRdy
        ldr     r1, =OSPrioCur
        ldrb    r0, [r0]
        strb    r0, [r1]
        ldr     r0, =OSTCBHighRdy
        ldr     r1, =OSTCBCur
        ldr     r0, [r0]
        str     r0, [r1]
        ldr     sp, [r0]
        clrex
        pop     {r0-r12, lr}
        rfeia   sp!
END os_switch_in

/* The first task. It is no switch: the hook is not called. */
FUNCTION OSStartHighRdy
        ldr     r0, =OSRunning
        mov     r1, #1
        strb    r1, [r0]
        ldr     r0, =OSTCBHighRdy
        ldr     r0, [r0]
        ldr     sp, [r0]
        pop     {r0-r12, lr}
        rfeia   sp!
END OSStartHighRdy

/* IRQ vector: saves the interrupted task on its own stack, then runs the handler there. */
FUNCTION irq_entry
        sub     lr, lr, #4
        srsdb   sp!, #CPSR_MODE_SVC
        cps     #CPSR_MODE_SVC
        push    {r0-r12, lr}
        mov     r4, sp
        bic     sp, sp, #7              /* the interrupted code may be between two 8-byte alignments */
        bl      OSIntEnter
        ldr     r0, =OSIntNesting
        ldrb    r0, [r0]
        cmp     r0, #1
        ldreq   r1, =OSTCBCur
        ldreq   r1, [r1]
        streq   r4, [r1]
        bl      interrupt_dispatch
        bl      OSIntExit
        mov     sp, r4
        clrex
        pop     {r0-r12, lr}
        rfeia   sp!
END irq_entry

        .ltorg
