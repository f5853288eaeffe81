/* The image's first instruction: SVC mode, interrupts masked, MMU and caches off, running at the physical address.
   The translation tables are part of the image (tables.S), so little is to be done. */
#include "platform.h"
#include "task.h"

        .equ    VA_TO_PA, 0x80000000
        .equ    SCTLR_M_C_Z_I, 0x00001805
        .equ    TTBR_WALK_ATTRIBUTES, 0x48      /* inner and outer write-back, write-allocate */

        .syntax unified
        .arm
        .section .text.start, "ax", %progbits
        .global start
        .type   start, %function
start:
        cpsid   aif, #CPSR_MODE_SVC
        mov     r0, #0
        mcr     p15, 0, r0, c7, c5, 0           /* ICIALLU */
        mcr     p15, 0, r0, c7, c5, 6           /* BPIALL */
        mcr     p15, 0, r0, c8, c7, 0           /* TLBIALL */
        mcr     p15, 0, r0, c2, c0, 2           /* TTBCR: TTBR0 maps all */
        mcr     p15, 0, r0, c13, c0, 1          /* CONTEXTIDR */
        ldr     r1, =first_level - VA_TO_PA + TTBR_WALK_ATTRIBUTES
        mcr     p15, 0, r1, c2, c0, 0           /* TTBR0 */
        mov     r0, #1
        mcr     p15, 0, r0, c3, c0, 0           /* DACR: domain 0 client */
        dsb
        isb
        mrc     p15, 0, r0, c1, c0, 0           /* SCTLR */
        ldr     r1, =SCTLR_M_C_Z_I
        orr     r0, r0, r1
        mcr     p15, 0, r0, c1, c0, 0
        isb
        ldr     pc, =start_virtual
        .size   start, . - start
        .ltorg

        .text
        .type   start_virtual, %function
start_virtual:
        ldr     r0, =vectors
        mcr     p15, 0, r0, c12, c0, 0          /* VBAR */
        isb
        ldr     sp, =task_stacks + TASK_STACK_BYTES
        ldr     r0, =init_task
        mcr     p15, 0, r0, c13, c0, 3          /* TPIDRURO: the running task, as Linux has it */
        bl      kernel_start
        cpsie   i
        b       model_idle
        .size   start_virtual, . - start_virtual
        .ltorg
