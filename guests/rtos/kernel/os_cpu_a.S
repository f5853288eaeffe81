/* Context switches and the interrupt entry. Tasks run in SVC mode.
   A saved task's stack, from OSTCBStkPtr (offset 0 of the TCB) upwards: R0..R12, LR, PC, CPSR; in images with floating
   point D16..D31, D0..D15, FPSCR and an unused word before them. */
#include "platform.h"

        .syntax unified
        INSTRUCTION_SET
        .text

        .macro  SAVE_FLOAT
#ifdef __ARM_FP
        vmrs    r0, fpscr
        push    {r0, r1}
        vpush   {d0-d15}
        vpush   {d16-d31}
#endif
        .endm

        .macro  RESTORE_FLOAT
#ifdef __ARM_FP
        vpop    {d16-d31}
        vpop    {d0-d15}
        pop     {r0, r1}
        vmsr    fpscr, r0
#endif
        .endm

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
#ifdef __thumb__
        orr     r3, r3, #CPSR_T         /* reads as 0; the return address has it in bit 0 */
        sub     lr, lr, #1
#endif
        str     lr, [sp]
        str     r3, [sp, #4]
        push    {r0-r12, lr}
        SAVE_FLOAT
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
        RESTORE_FLOAT
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
        RESTORE_FLOAT
        pop     {r0-r12, lr}
        rfeia   sp!
END OSStartHighRdy

/* IRQ vector: saves the interrupted task on its own stack, then runs the handler there. */
FUNCTION irq_entry
        sub     lr, lr, #4
        srsdb   sp!, #CPSR_MODE_SVC
        cps     #CPSR_MODE_SVC
        push    {r0-r12, lr}
        SAVE_FLOAT
        mov     r4, sp
        /* The interrupted code may be between two 8-byte alignments. */
#ifdef __thumb__
        bic     r0, r4, #7
        mov     sp, r0
#else
        bic     sp, sp, #7
#endif
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
        RESTORE_FLOAT
        pop     {r0-r12, lr}
        rfeia   sp!
END irq_entry

        .ltorg
