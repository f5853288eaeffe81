/* The first-level translation table, complete in the image. Short descriptors, ARM ARM DDI 0406C B3.5.1.

   VA 0xC0000000..0xC3FFFFFF  the first 64 MiB of RAM at PA 0x40000000
   VA 0x40000000..0x400FFFFF  identity: the code that turns the MMU on
   VA 0x08000000, 0x09000000, 0x0A000000  identity: GIC, UART, trace control device
   VA 0x0B000000              identity: memory shared with the hypervisor, the trace rings */

        .equ    SECTION_NORMAL, 0x0000140E      /* write-back, write-allocate, PL1 read-write */
        .equ    SECTION_SHARED, 0x0000141E      /* ... execute never */
        .equ    SECTION_DEVICE, 0x00000416      /* shareable device, PL1 read-write, execute never */
        .equ    MIB, 0x00100000

/* Sections from \first to \last - 1 at the physical address \target with the attributes \attributes. */
        .macro  MAP first, last, target, attributes
        .set    entry, \target
        .rept   (\last - \first) / MIB
        .word   entry | \attributes
        .set    entry, entry + MIB
        .endr
        .endm

/* Entries that fault, from \first to \last - 1. */
        .macro  HOLE first, last
        .fill   (\last - \first) / MIB, 4, 0
        .endm

        .section .tables, "aw", %progbits
        .balign 16384
        .global first_level
        .type   first_level, %object
first_level:
        HOLE    0x00000000, 0x08000000
        MAP     0x08000000, 0x08100000, 0x08000000, SECTION_DEVICE
        HOLE    0x08100000, 0x09000000
        MAP     0x09000000, 0x09100000, 0x09000000, SECTION_DEVICE
        HOLE    0x09100000, 0x0A000000
        MAP     0x0A000000, 0x0A100000, 0x0A000000, SECTION_DEVICE
        HOLE    0x0A100000, 0x0B000000
        MAP     0x0B000000, 0x0C000000, 0x0B000000, SECTION_SHARED
        HOLE    0x0C000000, 0x40000000
        MAP     0x40000000, 0x40100000, 0x40000000, SECTION_NORMAL
        HOLE    0x40100000, 0xC0000000
        MAP     0xC0000000, 0xC4000000, 0x40000000, SECTION_NORMAL
        HOLE    0xC4000000, 0x100000000
        .size   first_level, . - first_level
        .if     . - first_level - 16384
        .error  "the first-level table has 4096 entries"
        .endif
