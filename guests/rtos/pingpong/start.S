/* Entry of both cores: each takes a stack of its own by its number and goes to main. */
#include "platform.h"

        .syntax unified
        .arm

        .section .text.start, "ax", %progbits
        .global start
        .type   start, %function
start:
        cpsid   aif, #CPSR_MODE_SVC
        ldr     r0, =vectors
        mcr     p15, 0, r0, c12, c0, 0          /* VBAR */
        isb
        mrc     p15, 0, r0, c0, c0, 5           /* MPIDR */
        and     r0, r0, #3
        ldr     sp, =stacks_top
        sub     sp, sp, r0, lsl #11
        bl      main
1:      wfi
        b       1b
        .size   start, . - start
        .ltorg

/* Starts the other core where PSCI does that (CPU_ON, 32-bit, by HVC); where HVC is undefined the other core runs
   already, and the undefined instruction is stepped over. */
        .text
        .global start_other_core
        .type   start_other_core, %function
start_other_core:
        push    {r4, lr}
        ldr     r0, =0x84000003
        mov     r1, #1                          /* target: affinity of core 1 */
        ldr     r2, =start
        mov     r3, #0
        .arch_extension virt
        hvc     #0
        pop     {r4, pc}
        .size   start_other_core, . - start_other_core

        .type   undefined_entry, %function
undefined_entry:
        movs    pc, lr                          /* LR_und is the next instruction already */
        .size   undefined_entry, . - undefined_entry

        .balign 32
        .type   vectors, %object
vectors:
        b       .
        b       undefined_entry
        b       .
        b       .
        b       .
        b       .
        b       .
        b       .
        .size   vectors, . - vectors
        .ltorg

        .bss
        .balign 8
        .space  2 * 2048
stacks_top:
