/* The MMU variant's early code: builds the translation tables at their physical address, turns MMU and caches on and
   goes on at the virtual address. Short descriptors, ARM ARM DDI 0406C B3.5.1; TTBCR.N = 0, so TTBR0 maps all.

   VA 0xC0000000..0xC00FFFFF  small pages: text and constants read-only, the rest read-write and never executed
   VA 0xC0100000..0xC02FFFFF  sections, read-write, never executed
   VA 0x40000000..0x400FFFFF  identity section: this code, while the MMU comes on
   VA 0x08000000, 0x09000000, 0x0A000000  identity sections: devices */
#include "platform.h"

        .equ    VA_BASE, 0xC0000000
        .equ    PA_BASE, 0x40000000
        .equ    DATA_SECTIONS, 2

/* First-level section: type 2, B bit 2, C bit 3, XN bit 4, AP[1:0] bits 11:10, TEX bits 14:12. Domain 0. */
        .equ    SECTION_NORMAL, 0x0000140E          /* write-back, write-allocate, PL1 read-write */
        .equ    SECTION_DATA, SECTION_NORMAL | 0x10 /* ... execute never */
        .equ    SECTION_DEVICE, 0x00000416          /* shareable device, PL1 read-write, execute never */
        .equ    PAGE_TABLE, 0x00000001
/* Small page: XN bit 0, type bit 1, B bit 2, C bit 3, AP[1:0] bits 5:4, TEX bits 8:6, AP[2] bit 9. */
        .equ    PAGE_TEXT, 0x0000025E               /* PL1 read-only, executable */
        .equ    PAGE_DATA, 0x0000005F               /* PL1 read-write, execute never */

        .equ    SCTLR_M_C_Z_I, 0x00001805
        .equ    TTBR_WALK_ATTRIBUTES, 0x48          /* inner and outer write-back, write-allocate */

        .syntax unified
        .arm
        .section .text.mmu, "ax", %progbits
        .global mmu_start
        .type   mmu_start, %function
mmu_start:
        ldr     r4, =mmu_first_level - VA_BASE + PA_BASE
        ldr     r5, =mmu_second_level - VA_BASE + PA_BASE

        mov     r0, #0                          /* first level: 4096 entries that fault */
        add     r1, r4, #0x4000
        mov     r2, r4
1:      str     r0, [r2], #4
        cmp     r2, r1
        bne     1b

        ldr     r0, =SECTION_NORMAL | PA_BASE
        ldr     r1, =(PA_BASE >> 20) * 4
        str     r0, [r4, r1]
        ldr     r0, =SECTION_DEVICE | PLATFORM_GICD_BASE
        ldr     r1, =(PLATFORM_GICD_BASE >> 20) * 4
        str     r0, [r4, r1]
        ldr     r0, =SECTION_DEVICE | PLATFORM_UART_BASE
        ldr     r1, =(PLATFORM_UART_BASE >> 20) * 4
        str     r0, [r4, r1]
        ldr     r0, =SECTION_DEVICE | PLATFORM_TRACE_CONTROL_BASE
        ldr     r1, =(PLATFORM_TRACE_CONTROL_BASE >> 20) * 4
        str     r0, [r4, r1]

        orr     r0, r5, #PAGE_TABLE
        ldr     r1, =(VA_BASE >> 20) * 4
        add     r2, r4, r1
        str     r0, [r2], #4
        ldr     r0, =SECTION_DATA | (PA_BASE + 0x100000)
        mov     r3, #DATA_SECTIONS
2:      str     r0, [r2], #4
        add     r0, r0, #0x100000
        subs    r3, r3, #1
        bne     2b

        ldr     r0, =PA_BASE                    /* second level: 256 pages, text up to text_end */
        ldr     r1, =text_end - VA_BASE + PA_BASE
        mov     r2, #256
3:      cmp     r0, r1
        ldrlo   r3, =PAGE_TEXT
        ldrhs   r3, =PAGE_DATA
        orr     r3, r3, r0
        str     r3, [r5], #4
        add     r0, r0, #0x1000
        subs    r2, r2, #1
        bne     3b

        mov     r0, #0
        mcr     p15, 0, r0, c7, c5, 0           /* ICIALLU */
        mcr     p15, 0, r0, c7, c5, 6           /* BPIALL */
        mcr     p15, 0, r0, c8, c7, 0           /* TLBIALL */
        mcr     p15, 0, r0, c2, c0, 2           /* TTBCR */
        mcr     p15, 0, r0, c13, c0, 1          /* CONTEXTIDR */
        orr     r1, r4, #TTBR_WALK_ATTRIBUTES
        mcr     p15, 0, r1, c2, c0, 0           /* TTBR0 */
        mcr     p15, 0, r1, c2, c0, 1           /* TTBR1: unused with N = 0 */
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
        .size   mmu_start, . - mmu_start
        .ltorg

/* Not in .bss: that is cleared once these are in use. */
        .section .tables, "aw", %nobits
        .balign 16384
        .global mmu_first_level
        .type   mmu_first_level, %object
        .size   mmu_first_level, 16384
mmu_first_level:
        .space  16384
        .global mmu_second_level
        .type   mmu_second_level, %object
        .size   mmu_second_level, 1024
mmu_second_level:
        .space  1024
