/* The early code of the variant with long descriptors: builds the translation tables at their physical address, turns
   MMU and caches on and goes on at the virtual address. ARM ARM DDI 0406C B3.6; TTBCR.EAE, T0SZ = T1SZ = 0: TTBR0
   maps all, from level 1 on.

   VA 0xC0000000..0xC01FFFFF  pages: text and constants read-only, the rest read-write and never executed
   VA 0xC0200000..0xC03FFFFF  block, read-write, never executed
   VA 0x40000000..0x401FFFFF  identity block: this code, while the MMU comes on
   VA 0x08000000, 0x09000000, 0x0A000000  identity blocks of 2 MiB: devices */
#include "platform.h"

        .equ    VA_BASE, 0xC0000000
        .equ    PA_BASE, 0x40000000
        .equ    BLOCK_SHIFT, 21
        .equ    BLOCK_SIZE, 1 << BLOCK_SHIFT

/* Lower attributes: AttrIndx bits 4:2, AP[2:1] bits 7:6, SH bits 9:8, AF bit 10. Upper, in the high word: PXN, XN. */
        .equ    TABLE, 0x003
        .equ    BLOCK_NORMAL, 0x701                 /* attribute 0, PL1 read-write, inner shareable */
        .equ    BLOCK_DEVICE, 0x405                 /* attribute 1, PL1 read-write */
        .equ    PAGE_TEXT, 0x783                    /* attribute 0, PL1 read-only */
        .equ    PAGE_DATA, 0x703                    /* attribute 0, PL1 read-write */
        .equ    NEVER_EXECUTE, 0x00400000           /* XN, bit 54 */

        .equ    MAIR0_NORMAL_DEVICE, 0x000004FF     /* 0: write-back, write-allocate; 1: device */
        .equ    TTBCR_EAE_WALKS, 0x80003500         /* walks inner shareable, write-back, write-allocate */
        .equ    SCTLR_M_C_Z_I, 0x00001805

        .syntax unified
        .arm
        .section .text.mmu, "ax", %progbits

/* A descriptor of the second level: r4 = the first of the four tables there, r0 and r1 = the descriptor, r2 = VA. */
        .macro  SECOND_LEVEL
        lsr     r2, r2, #BLOCK_SHIFT
        add     r2, r4, r2, lsl #3
        strd    r0, r1, [r2]
        .endm

        .macro  DEVICE address
        ldr     r0, =BLOCK_DEVICE | \address
        mov     r1, #NEVER_EXECUTE
        ldr     r2, =\address
        SECOND_LEVEL
        .endm

        .global mmu_start
        .type   mmu_start, %function
mmu_start:
        ldr     r4, =mmu_second_level - VA_BASE + PA_BASE
        ldr     r5, =mmu_third_level - VA_BASE + PA_BASE
        ldr     r6, =mmu_first_level - VA_BASE + PA_BASE

        mov     r0, #0                          /* second level: 4 x 512 entries that fault */
        mov     r1, #0
        add     r2, r4, #0x4000
        mov     r3, r4
1:      strd    r0, r1, [r3], #8
        cmp     r3, r2
        bne     1b

        add     r0, r4, #TABLE                  /* first level: the four of them, 1 GiB each */
        mov     r1, #0
        mov     r2, #4
        mov     r3, r6
2:      strd    r0, r1, [r3], #8
        add     r0, r0, #0x1000
        subs    r2, r2, #1
        bne     2b

        DEVICE  PLATFORM_GICD_BASE
        DEVICE  PLATFORM_UART_BASE
        DEVICE  PLATFORM_TRACE_CONTROL_BASE

        ldr     r0, =BLOCK_NORMAL | PA_BASE
        mov     r1, #0
        ldr     r2, =PA_BASE
        SECOND_LEVEL
        add     r0, r5, #TABLE
        ldr     r2, =VA_BASE
        SECOND_LEVEL
        ldr     r0, =BLOCK_NORMAL | (PA_BASE + BLOCK_SIZE)
        mov     r1, #NEVER_EXECUTE
        ldr     r2, =VA_BASE + BLOCK_SIZE
        SECOND_LEVEL

        ldr     r0, =PA_BASE                    /* third level: 512 pages, text up to text_end */
        ldr     r1, =text_end - VA_BASE + PA_BASE
        mov     r7, #512
3:      cmp     r0, r1
        ldrlo   r2, =PAGE_TEXT
        movlo   r3, #0
        ldrhs   r2, =PAGE_DATA
        movhs   r3, #NEVER_EXECUTE
        orr     r2, r2, r0
        strd    r2, r3, [r5], #8
        add     r0, r0, #0x1000
        subs    r7, r7, #1
        bne     3b

        mov     r0, #0
        mcr     p15, 0, r0, c7, c5, 0           /* ICIALLU */
        mcr     p15, 0, r0, c7, c5, 6           /* BPIALL */
        mcr     p15, 0, r0, c8, c7, 0           /* TLBIALL */
        ldr     r1, =TTBCR_EAE_WALKS
        mcr     p15, 0, r1, c2, c0, 2           /* TTBCR */
        ldr     r1, =MAIR0_NORMAL_DEVICE
        mcr     p15, 0, r1, c10, c2, 0          /* MAIR0 */
        mcr     p15, 0, r0, c10, c2, 1          /* MAIR1 */
        mcrr    p15, 0, r6, r0, c2              /* TTBR0, ASID 0 */
        mcrr    p15, 1, r6, r0, c2              /* TTBR1: unused with T0SZ = 0 */
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
        .balign 4096
        .global mmu_second_level
        .type   mmu_second_level, %object
        .size   mmu_second_level, 16384
mmu_second_level:
        .space  16384
        .global mmu_third_level
        .type   mmu_third_level, %object
        .size   mmu_third_level, 4096
mmu_third_level:
        .space  4096
        .global mmu_first_level
        .type   mmu_first_level, %object
        .size   mmu_first_level, 32
mmu_first_level:
        .space  32
