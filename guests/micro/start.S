/* Entry of both cores: each takes a stack of its own by its number and goes to main. Interrupts stay masked. */
#include "platform.h"

        .syntax unified
        .arm
        .arch_extension virt

        .section .text.start, "ax", %progbits
        .global start
        .type   start, %function
start:
        cpsid   aif, #CPSR_MODE_UND
        ldr     sp, =undefined_count
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

/* Starts the other core where PSCI does that (CPU_ON, 32-bit, by HVC); where HVC is undefined the other core runs already. */
        .text
        .global start_other_core
        .type   start_other_core, %function
start_other_core:
        ldr     r0, =0x84000003
        mov     r1, #1                          /* target: affinity of core 1 */
        ldr     r2, =start
        mov     r3, #0
        hvc     #0
        bx      lr
        .size   start_other_core, . - start_other_core

/* Counts undefined instructions in undefined_count, at which SP_und points, and steps over them. */
        .type   undefined_entry, %function
undefined_entry:
        push    {r0}                            /* the word before the count */
        ldr     r0, [sp, #4]
        add     r0, r0, #1
        str     r0, [sp, #4]
        pop     {r0}
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
        .space  4                               /* the undefined handler's stack: one word */
        .global undefined_count
undefined_count:
        .space  4
        .balign 8
        .space  2 * 2048
stacks_top:
