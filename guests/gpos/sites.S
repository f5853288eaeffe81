/* The places of the kernel at which ActorTrace's model and machine code meet.

   Gates: the model takes over when one is reached; the code behind a gate is what a kernel without a model would do.
   Sites: the model sets registers and lets the core run until site_return. */
#include "platform.h"
#include "task.h"

        .syntax unified
        .arm
        .text

        .macro  FUNCTION name
        .global \name
        .type   \name, %function
\name:
        .endm

        .macro  END name
        .size   \name, . - \name
        .endm

/* Gate: the idle task waits for an interrupt. */
        FUNCTION model_idle
1:      wfi
        b       1b
        END     model_idle

/* Gate: the body of every other task. */
        FUNCTION model_task
        b       model_task
        END     model_task

/* Gate: handle_irq(id) handles an interrupt. */
        FUNCTION handle_irq
        bx      lr
        END     handle_irq

/* Gate: where a site returns to. */
        FUNCTION site_return
        b       site_return
        END     site_return

/* Site: __switch_to(prev, next) stores the running task's registers and goes on with the other's. */
        FUNCTION __switch_to
        add     r12, r0, #TASK_CPU_CONTEXT
        stmia   r12, {r4-r11, sp, lr}
        mcr     p15, 0, r1, c13, c0, 3          /* TPIDRURO */
        add     r12, r1, #TASK_CPU_CONTEXT
        ldmia   r12!, {r4-r11}
        ldr     sp, [r12]
        ldr     pc, [r12, #4]
        END     __switch_to

/* Site: trace_ctl_write(address, value) stores to a register of the trace control device. */
        FUNCTION trace_ctl_write
        dmb
        str     r1, [r0]
        bx      lr
        END     trace_ctl_write

/* Site: trace_ctl_read(address) loads one; the value comes back in r0. */
        FUNCTION trace_ctl_read
        ldr     r0, [r0]
        dmb
        bx      lr
        END     trace_ctl_read
