@ Runs test cases one after the other, the same on any ARMv7-A processor: loads the registers of a record, goes to the
@ instructions under test, and when they end in an exception (there is always a trap behind them) stores all registers.
@ The host lays out memory, page tables and records (HarnessLayout.cs). Assembled flat at VECTORS; uses nothing but its own page.

        .syntax unified
        .arch   armv7ve
        .fpu    neon-vfpv4
        .arm

        .equ    VARS,           0x40102000
        .equ    LAUNCH,         0x40103FC8      @ the end of a page: what a case writes from SP of the starting mode hurts nothing
        .equ    UART,           0x5A5A5000

        @ Offsets from VARS
        .equ    RECORD,         0       @ the case that runs
        .equ    RECORDS_END,    4
        .equ    RESULT,         8
        .equ    RECORD_BYTES,   12
        .equ    RESULT_BYTES,   16
        .equ    SCTLR_BITS,     20
        .equ    WITH_VFP,       24      @ 1: a case has FPSCR and D0-D31 too
        .equ    WINDOW,         28      @ the page that cases may write
        .equ    PRISTINE,       32      @ what is in it before each case
        .equ    HASH,           36      @ of that
        .equ    TABLE,          40      @ TTBR0
        .equ    SAVED_R1,       44
        .equ    BANKS,          64      @ 22 words: SVC, ABT, UND, IRQ (SP, LR, SPSR each), FIQ (R8-R12, SP, LR, SPSR), USR (SP, LR)

        @ Offsets in a record: R0-R12, the address of the instructions, SP, LR, CPSR, SPSR, then FPSCR, D0-D31
        .equ    CASE_SP,        56
        .equ    CASE_FPSCR,     72
        .equ    CASE_D,         76

        .macro  vars register
        movw    \register, #:lower16:VARS
        movt    \register, #:upper16:VARS
        .endm

vectors:
        b       start
        b       undefined
        b       supervisor
        b       prefetch
        b       data
        b       .
        b       irq
        b       fiq

        @ R0 goes to TPIDRPRW, R1 to memory; R1 becomes the number of the vector.
        .macro  handler name, number
\name:  mcr     p15, 0, r0, c13, c0, 4
        vars    r0
        str     r1, [r0, #SAVED_R1]
        mov     r1, #\number
        b       store
        .endm

        handler undefined, 1
        handler supervisor, 2
        handler prefetch, 3
        handler data, 4
        handler irq, 6
        handler fiq, 7

start:  mrs     r0, cpsr                        @ QEMU begins in Hyp mode: it has banked MRS and ERET only with Hyp mode
        and     r0, r0, #31
        cmp     r0, #0x1A
        bne     1f
        mov     r0, #0xD3
        msr     spsr_fsxc, r0
        adr     r0, 1f
        msr     ELR_hyp, r0
        eret
1:      adr     r0, vectors
        mcr     p15, 0, r0, c12, c0, 0          @ VBAR
        vars    r4
        ldr     r0, [r4, #TABLE]
        mcr     p15, 0, r0, c2, c0, 0           @ TTBR0
        mov     r0, #0
        mcr     p15, 0, r0, c2, c0, 2           @ TTBCR
        mcr     p15, 0, r0, c8, c7, 0           @ TLBIALL
        mov     r0, #1
        mcr     p15, 0, r0, c3, c0, 0           @ DACR: domain 0 client, all others no access
        ldr     r0, [r4, #WITH_VFP]
        cmp     r0, #0
        beq     1f
        movw    r0, #0
        movt    r0, #0x00F0
        mcr     p15, 0, r0, c1, c0, 2           @ CPACR: CP10, CP11
        isb
        mov     r0, #0x40000000
        vmsr    fpexc, r0
1:      mrc     p15, 0, r0, c1, c0, 0
        ldr     r1, [r4, #SCTLR_BITS]
        orr     r0, r0, r1
        mcr     p15, 0, r0, c1, c0, 0           @ SCTLR
        isb
        cps     #31

next:   vars    r0
        ldr     r1, [r0, #RECORD]
        ldr     r2, [r0, #RECORDS_END]
        cmp     r1, r2
        beq     finish
        add     r3, r0, #BANKS
        ldm     r3!, {r4-r9}
        msr     SP_svc, r4
        msr     LR_svc, r5
        msr     SPSR_svc, r6
        msr     SP_abt, r7
        msr     LR_abt, r8
        msr     SPSR_abt, r9
        ldm     r3!, {r4-r9}
        msr     SP_und, r4
        msr     LR_und, r5
        msr     SPSR_und, r6
        msr     SP_irq, r7
        msr     LR_irq, r8
        msr     SPSR_irq, r9
        ldm     r3!, {r4-r11}
        msr     R8_fiq, r4
        msr     R9_fiq, r5
        msr     R10_fiq, r6
        msr     R11_fiq, r7
        msr     R12_fiq, r8
        msr     SP_fiq, r9
        msr     LR_fiq, r10
        msr     SPSR_fiq, r11
        ldm     r3, {sp, lr}
        mov     r2, #0
        mcr     p15, 0, r2, c5, c0, 0           @ DFSR
        mcr     p15, 0, r2, c5, c0, 1           @ IFSR
        mcr     p15, 0, r2, c6, c0, 0           @ DFAR
        mcr     p15, 0, r2, c6, c0, 2           @ IFAR
        mcr     p15, 0, r2, c13, c0, 2          @ TPIDRURW
        mcr     p15, 0, r2, c13, c0, 3          @ TPIDRURO
        clrex
        ldr     r2, [r0, #WITH_VFP]
        cmp     r2, #0
        beq     1f
        ldr     r2, [r1, #CASE_FPSCR]
        vmsr    fpscr, r2
        add     r2, r1, #CASE_D
        vldm    r2!, {d0-d15}
        vldm    r2, {d16-d31}

        @ R0-R12 and the address of the instructions go where the starting mode takes them from.
1:      movw    r3, #:lower16:LAUNCH
        movt    r3, #:upper16:LAUNCH
        ldm     r1!, {r4-r10}
        stm     r3!, {r4-r10}
        ldm     r1!, {r4-r10}
        stm     r3!, {r4-r10}
        sub     r1, r1, #56

        @ The registers of the case's mode; in User mode those of System mode.
        add     r2, r1, #CASE_SP
        ldm     r2, {r4-r7}                     @ SP, LR, CPSR, SPSR
        and     r3, r6, #31
        cmp     r3, #0x10
        cmpne   r3, #0x1F
        moveq   sp, r4
        moveq   lr, r5
        beq     2f
        orr     r3, r3, #0xC0
        msr     cpsr_c, r3
        mov     sp, r4
        mov     lr, r5
        msr     spsr_fsxc, r7
        ldr     r8, [r1, #32]
        ldr     r9, [r1, #36]
        ldr     r10, [r1, #40]
        ldr     r11, [r1, #44]
        ldr     r12, [r1, #48]
2:      cmp     r3, #0xD7
        beq     3f
        cps     #0x17
        b       4f
3:      cps     #0x12                           @ a case in Abort mode starts from IRQ mode
4:      msr     spsr_fsxc, r6
        movw    sp, #:lower16:LAUNCH
        movt    sp, #:upper16:LAUNCH
        ldm     sp!, {r0-r12, pc}^

store:  cps     #31
        ldr     r0, [r0, #RESULT]
        stm     r0!, {r0-r14}                   @ R0 and R1 are put right below
        str     r1, [r0]                        @ the vector
        mrc     p15, 0, r1, c13, c0, 4
        str     r1, [r0, #-60]
        vars    r2
        ldr     r1, [r2, #SAVED_R1]
        str     r1, [r0, #-56]
        mrc     p15, 0, r1, c5, c0, 0           @ DFSR
        mrc     p15, 0, r2, c6, c0, 0           @ DFAR
        mrc     p15, 0, r3, c5, c0, 1           @ IFSR
        mrc     p15, 0, r4, c6, c0, 2           @ IFAR
        mrc     p15, 0, r5, c13, c0, 2          @ TPIDRURW
        mrc     p15, 0, r6, c13, c0, 3          @ TPIDRURO
        stmib   r0!, {r1-r6}
        add     r0, r0, #4
        mrs     r1, SP_svc
        mrs     r2, LR_svc
        mrs     r3, SPSR_svc
        mrs     r4, SP_abt
        mrs     r5, LR_abt
        mrs     r6, SPSR_abt
        mrs     r7, SP_und
        mrs     r8, LR_und
        mrs     r9, SPSR_und
        mrs     r10, SP_irq
        mrs     r11, LR_irq
        mrs     r12, SPSR_irq
        stm     r0!, {r1-r12}
        mrs     r1, R8_fiq
        mrs     r2, R9_fiq
        mrs     r3, R10_fiq
        mrs     r4, R11_fiq
        mrs     r5, R12_fiq
        mrs     r6, SP_fiq
        mrs     r7, LR_fiq
        mrs     r8, SPSR_fiq
        stm     r0!, {r1-r8}

        @ The window: its hash; where that is not the pristine one, the number of words that differ and the first four of them.
        vars    r12
        ldr     r1, [r12, #WINDOW]
        mov     r2, #128
        mov     r3, #0
5:      ldm     r1!, {r4-r11}
        add     r3, r4, r3, ror #1
        add     r3, r5, r3, ror #1
        add     r3, r6, r3, ror #1
        add     r3, r7, r3, ror #1
        add     r3, r8, r3, ror #1
        add     r3, r9, r3, ror #1
        add     r3, r10, r3, ror #1
        add     r3, r11, r3, ror #1
        subs    r2, r2, #1
        bne     5b
        mov     r2, #0
        mov     r4, r0
        ldr     r5, [r12, #HASH]
        cmp     r3, r5
        beq     8f
        ldr     r6, [r12, #WINDOW]
        ldr     r7, [r12, #PRISTINE]
        mov     r8, #0
6:      ldr     r9, [r6, r8]
        ldr     r10, [r7, r8]
        cmp     r9, r10
        beq     7f
        str     r10, [r6, r8]
        add     r2, r2, #1
        cmp     r2, #4
        strle   r8, [r4, #8]
        strle   r9, [r4, #12]
        addle   r4, r4, #8
7:      add     r8, r8, #4
        cmp     r8, #4096
        bne     6b
8:      str     r3, [r0]
        str     r2, [r0, #4]
        ldr     r2, [r12, #WITH_VFP]
        cmp     r2, #0
        beq     9f
        add     r0, r0, #40
        vmrs    r2, fpscr
        str     r2, [r0], #4
        vstm    r0!, {d0-d15}
        vstm    r0, {d16-d31}
9:      ldr     r0, [r12, #RECORD]
        ldr     r1, [r12, #RECORD_BYTES]
        add     r0, r0, r1
        str     r0, [r12, #RECORD]
        ldr     r0, [r12, #RESULT]
        ldr     r1, [r12, #RESULT_BYTES]
        add     r0, r0, r1
        str     r0, [r12, #RESULT]
        b       next

finish: movw    r0, #:lower16:UART
        movt    r0, #:upper16:UART
        mov     r1, #'d'
        str     r1, [r0]
        mov     r1, #'\n'
        str     r1, [r0]
        b       .
