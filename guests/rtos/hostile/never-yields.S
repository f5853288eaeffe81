/* Spins with all interrupts masked. */
        .syntax unified
        .arm
        .text
        .global hostile_main
        .type   hostile_main, %function
hostile_main:
        ldr     r0, =text
        bl      console_text
        cpsid   aif
        b       .
        .size   hostile_main, . - hostile_main
        .ltorg

        .section .rodata
text:
        .asciz  "ActorTrace hostile: spinning with interrupts masked\n"
