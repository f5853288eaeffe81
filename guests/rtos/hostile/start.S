/* Common entry of the images that misbehave: a stack, then hostile_main of the image. VBAR is left as it was. */
        .syntax unified
        .arm

        .section .text.start, "ax", %progbits
        .global start
        .type   start, %function
start:
        cpsid   aif, #0x13
        ldr     sp, =stack_top
        bl      console_init
        bl      hostile_main
1:      wfi
        b       1b
        .size   start, . - start
        .ltorg

        .bss
        .balign 8
        .space  2048
stack_top:
