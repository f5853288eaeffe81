/* The way into the kernel and back. All other exceptions go where guests/rtos has them. */
#include "platform.h"

        .syntax unified
        INSTRUCTION_SET
        .text

        .global call_vectors
        .type   call_vectors, %object
        .balign 32
call_vectors:
        b       vectors
        b       vectors + 4
        b       call_entry
        b       vectors + 12
        b       vectors + 16
        b       vectors + 20
        b       vectors + 24
        b       vectors + 28
        .size   call_vectors, . - call_vectors

/* uint32_t call(uint32_t number, uint32_t a, uint32_t b, uint32_t c): a task runs in SVC mode, so that SVC takes its LR. */
        .global call
        .type   call, %function
call:
        push    {r4, lr}
        svc     #0
        pop     {r4, pc}
        .size   call, . - call

        .type   call_entry, %function
call_entry:
        srsdb   sp!, #CPSR_MODE_SVC
        cpsie   i                       /* tasks run with interrupts on, and so does what they call */
        bl      call_dispatch
        cpsid   i
        rfeia   sp!
        .size   call_entry, . - call_entry
