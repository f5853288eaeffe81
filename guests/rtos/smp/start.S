/* Entry of both cores. The first comes from power on, the second from CPU_ON with its context in R0: each takes a stack
   of its own, and what it found at its first instruction. */
#include "platform.h"

        .syntax unified
        .arm
        .arch_extension virt

        .section .text.start, "ax", %progbits
        .global start
        .type   start, %function
start:
        cpsid   aif, #CPSR_MODE_SVC
        ldr     sp, =first_stack_top
        bl      main
1:      wfi
        b       1b
        .size   start, . - start

        .global second_start
        .type   second_start, %function
second_start:
        ldr     sp, =second_stack_top
        mrs     r1, cpsr
        mrc     p15, 0, r2, c1, c0, 0           /* SCTLR */
        bl      second_main
        b       .
        .size   second_start, . - second_start

/* uint32_t psci(uint32_t function, uint32_t a, uint32_t b, uint32_t c) */
        .text
        .global psci
        .type   psci, %function
psci:
        hvc     #0
        bx      lr
        .size   psci, . - psci

/* void spin_lock(uint32_t *lock): sleeps in WFE while another holds it */
        .global spin_lock
        .type   spin_lock, %function
spin_lock:
        mov     r1, #1
1:      ldrex   r2, [r0]
        cmp     r2, #0
        wfene
        strexeq r2, r1, [r0]
        cmpeq   r2, #0
        bne     1b
        dmb
        bx      lr
        .size   spin_lock, . - spin_lock

        .global spin_unlock
        .type   spin_unlock, %function
spin_unlock:
        mov     r1, #0
        dmb
        str     r1, [r0]
        dsb
        sev
        bx      lr
        .size   spin_unlock, . - spin_unlock

/* void atomic_add(uint32_t *word, uint32_t value) */
        .global atomic_add
        .type   atomic_add, %function
atomic_add:
        ldrex   r2, [r0]
        add     r2, r2, r1
        strex   r3, r2, [r0]
        cmp     r3, #0
        bne     atomic_add
        bx      lr
        .size   atomic_add, . - atomic_add
        .ltorg

        .bss
        .balign 8
        .space  2048
first_stack_top:
        .space  2048
second_stack_top:
