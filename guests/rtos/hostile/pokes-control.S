/* Stores to the trace control device, which a guest without a profiler does not have, and tells what came of it:
   its own data abort is handled by going on after the store. */
#include "platform.h"

        .syntax unified
        .arm
        .text
        .global hostile_main
        .type   hostile_main, %function
hostile_main:
        push    {r4, lr}
        ldr     r0, =vectors
        mcr     p15, 0, r0, c12, c0, 0          /* VBAR */
        isb
        mov     r4, #0
        ldr     r0, =text_poke
        bl      console_text
        ldr     r1, =PLATFORM_TRACE_CONTROL_BASE
        ldr     r2, =0x5AFE5AFE
        str     r2, [r1]
        dsb
        ldr     r1, =aborts
        ldr     r0, [r1]
        mov     r1, #0
        bl      console_decimal
        ldr     r0, =text_dfsr
        bl      console_text
        mrc     p15, 0, r0, c5, c0, 0           /* DFSR */
        bl      console_hex
        ldr     r0, =text_dfar
        bl      console_text
        mrc     p15, 0, r0, c6, c0, 0           /* DFAR */
        bl      console_hex
        ldr     r0, =text_alive
        bl      console_text
        pop     {r4, pc}
        .size   hostile_main, . - hostile_main

        .type   data_abort_entry, %function
data_abort_entry:
        ldr     r0, =aborts                     /* R0 is free at the store */
        ldr     sp, [r0]
        add     sp, sp, #1
        str     sp, [r0]
        subs    pc, lr, #4                      /* the instruction after the store */
        .size   data_abort_entry, . - data_abort_entry

        .balign 32
        .type   vectors, %object
vectors:
        b       .
        b       .
        b       .
        b       .
        b       data_abort_entry
        b       .
        b       .
        b       .
        .size   vectors, . - vectors
        .ltorg

        .section .rodata
text_poke:
        .asciz  "ActorTrace hostile: store to the trace control device: aborts="
text_dfsr:
        .asciz  " dfsr="
text_dfar:
        .asciz  " dfar="
text_alive:
        .asciz  "\nActorTrace hostile: still alive\n"

        .bss
        .balign 4
aborts:
        .space  4
