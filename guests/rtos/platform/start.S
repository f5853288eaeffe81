/* The image's first instruction: SVC mode, interrupts masked, MMU and caches off, running at the physical address.
   Everything before start_virtual is position independent. A32 in every image: the image is entered in that state. */
#include "platform.h"

        .syntax unified
        .arm

        .section .text.start, "ax", %progbits
        .global start
        .type   start, %function
start:
        cpsid   aif, #CPSR_MODE_SVC
#ifdef RTOS_MMU
        b       mmu_start               /* comes back to start_virtual, at its virtual address */
#endif
        .global start_virtual
start_virtual:
        ldr     r0, =vectors
        mcr     p15, 0, r0, c12, c0, 0  /* VBAR */
#ifdef __thumb__
        mrc     p15, 0, r0, c1, c0, 0   /* SCTLR.TE: exceptions are taken to T32 */
        orr     r0, r0, #0x40000000
        mcr     p15, 0, r0, c1, c0, 0
#endif
#ifdef __ARM_FP
        mrc     p15, 0, r0, c1, c0, 2   /* CPACR: coprocessors 10 and 11 for all */
        orr     r0, r0, #0x00F00000
        mcr     p15, 0, r0, c1, c0, 2
        isb
        mov     r0, #0x40000000         /* FPEXC.EN */
        vmsr    fpexc, r0
#endif
        isb
        ldr     r0, =bss_start
        ldr     r1, =bss_end
        mov     r2, #0
        mov     r3, #0
1:      cmp     r0, r1
        strdlo  r2, r3, [r0], #8
        blo     1b
        ldr     sp, =start_stack_top
        bl      main
2:      wfi
        b       2b
        .size   start, . - start
        .ltorg

        .bss
        .balign 8
        .space  2048
start_stack_top:
