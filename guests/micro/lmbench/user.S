/* The programs, in user mode. Where a loop NAME has system calls, NAME_loop has NOPs. */
#include "kernel.h"

        .syntax unified
        .arm

        .macro  counter register
        isb
        mrc     p15, 0, \register, c9, c13, 0   /* PMCCNTR */
        .endm

        .macro  program name, operation:vararg
        .text
        .global \name
        .type   \name, %function
\name:
        mov     r4, r0
        counter r5
1:      \operation
        subs    r4, r4, #1
        bne     1b
        counter r6
        sub     r0, r6, r5
        mov     r7, #CALL_EXIT
        svc     #0
        .size   \name, . - \name
        .endm

        .macro  null
        mov     r7, #CALL_NULL
        svc     #0
        .endm

        .macro  null_nop
        mov     r7, #CALL_NULL
        nop
        .endm

        .macro  write_read write, read
        mov     r7, #CALL_WRITE
        mov     r0, #\write
        svc     #0
        mov     r7, #CALL_READ
        mov     r0, #\read
        svc     #0
        .endm

        .macro  write_read_nop
        mov     r7, #CALL_WRITE
        mov     r0, #PIPE_OWN
        nop
        mov     r7, #CALL_READ
        mov     r0, #PIPE_OWN
        nop
        .endm

        program null_call, null
        program null_call_loop, null_nop

/* A byte into a pipe of the task's own and out again: what lat_ctx takes off. */
        program token, write_read PIPE_OWN, PIPE_OWN
        program token_loop, write_read_nop

/* A byte to the other task and one back. */
        program ping, write_read PIPE_THERE, PIPE_BACK

        .global pong
        .type   pong, %function
pong:
        mov     r7, #CALL_READ
        mov     r0, #PIPE_THERE
        svc     #0
        mov     r7, #CALL_WRITE
        mov     r0, #PIPE_BACK
        svc     #0
        b       pong
        .size   pong, . - pong
