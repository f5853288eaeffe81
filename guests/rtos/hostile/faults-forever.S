/* Undefined instruction with the vectors in unmapped space: each exception's vector fetch faults again, for ever. */
        .syntax unified
        .arm
        .text
        .global hostile_main
        .type   hostile_main, %function
hostile_main:
        ldr     r0, =text
        bl      console_text
        ldr     r0, =0xDEAD0000
        mcr     p15, 0, r0, c12, c0, 0          /* VBAR */
        isb
        udf     #0
        .size   hostile_main, . - hostile_main
        .ltorg

        .section .rodata
text:
        .asciz  "ActorTrace hostile: faulting for ever\n"
