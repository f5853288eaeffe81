/* Entry of the kernel: power on, system calls, interrupts; and the switch between two kernel stacks. */
#include "platform.h"

        .syntax unified
        .arm

        .section .text.start, "ax", %progbits
        .global start
        .type   start, %function
start:
        cpsid   aif, #CPSR_MODE_SVC
        ldr     sp, =main_stack_top
        ldr     r0, =vectors
        mcr     p15, 0, r0, c12, c0, 0          /* VBAR */
        isb
        bl      main
1:      wfi
        b       1b
        .size   start, . - start

/* A system call: number in R7, argument in R0. */
        .text
        .type   svc_entry, %function
svc_entry:
        sub     sp, sp, #8
        stmia   sp, {sp, lr}^                   /* the user's */
        push    {r1-r3, r12, lr}
        mrs     r12, spsr
        push    {r12}
        mov     r1, r7
        cpsie   i
        bl      system_call
        cpsid   i
        pop     {r12}
        msr     spsr_cxsf, r12
        pop     {r1-r3, r12, lr}
        ldmia   sp, {sp, lr}^
        nop
        add     sp, sp, #8
        movs    pc, lr
        .size   svc_entry, . - svc_entry

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

/* void switch_stacks(uint32_t **from, uint32_t *to) */
        .global switch_stacks
        .type   switch_stacks, %function
switch_stacks:
        push    {r4-r11, lr}
        str     sp, [r0]
        mov     sp, r1
        pop     {r4-r11, pc}
        .size   switch_stacks, . - switch_stacks

/* The first thing of a task: R4 its program, R5 the count. */
        .global task_start
        .type   task_start, %function
task_start:
        mov     r0, #0x10                       /* USR, interrupts on */
        msr     spsr_cxsf, r0
        mov     r0, r5
        movs    pc, r4
        .size   task_start, . - task_start

        .balign 32
        .type   vectors, %object
vectors:
        b       .
        b       .
        b       svc_entry
        b       .
        b       .
        b       .
        b       irq_entry
        b       .
        .size   vectors, . - vectors
        .ltorg

        .bss
        .balign 8
        .space  2048
main_stack_top:
