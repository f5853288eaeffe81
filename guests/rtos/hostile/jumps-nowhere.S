/* Branches to an address where nothing is, with the vectors of reset (0x00000000): the prefetch abort goes there. */
        .syntax unified
        .arm
        .text
        .global hostile_main
        .type   hostile_main, %function
hostile_main:
        ldr     r0, =text
        bl      console_text
        ldr     pc, =0xDEAD0000
        .size   hostile_main, . - hostile_main
        .ltorg

        .section .rodata
text:
        .asciz  "ActorTrace hostile: jumping to 0xDEAD0000\n"
