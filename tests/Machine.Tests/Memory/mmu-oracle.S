@ Works through a list of accesses: each leaves a record of what it read and of the fault registers.
@ A case is three words: operation, address, value. A record is eight: value, exception, DFSR, DFAR, IFSR, IFAR, PAR.

    .syntax unified
    .arm
    .text
    .global _start
_start:
    b       begin

    .balign 32
vectors:
    b       .
    b       undefined
    b       record              @ SVC: a fetch at PL0 has come back
    b       prefetch_abort
    b       data_abort
    b       .
    b       .
    b       .

undefined:
    mov     r4, #1
    cps     #0x13
    b       record
prefetch_abort:
    mov     r4, #2
    cps     #0x13
    b       record
data_abort:
    mov     r4, #3
    cps     #0x13
    b       record

begin:
    ldr     r0, =vectors
    mcr     p15, 0, r0, c12, c0, 0
    ldr     r10, =0x40200000
    ldr     r11, =0x40300000
    cps     #0x1f
    ldr     lr, =user_return
    cps     #0x13

next:
    ldr     r9, [r10], #4
    ldr     r1, [r10], #4
    ldr     r2, [r10], #4
    mov     r4, #0
    mcr     p15, 0, r4, c5, c0, 0
    mcr     p15, 0, r4, c5, c0, 1
    mcr     p15, 0, r4, c6, c0, 0
    mcr     p15, 0, r4, c6, c0, 2
    mcrr    p15, 0, r4, r4, c7
    ldr     lr, =record
    ldr     r5, =operations
    ldr     pc, [r5, r9, lsl #2]

operations:
    .word   end, configure, load, load_half, load_byte, store, store_half, store_byte
    .word   load_user, store_user, at_pr, at_pw, at_ur, at_uw, fetch, fetch_user, store_two, load_two

load:       ldr     r2, [r1]
            b       record
load_half:  ldrh    r2, [r1]
            b       record
load_byte:  ldrsb   r2, [r1]
            b       record
store:      str     r2, [r1]
            b       record
store_half: strh    r2, [r1]
            b       record
store_byte: strb    r2, [r1]
            b       record
load_user:  ldrt    r2, [r1]
            b       record
store_user: strt    r2, [r1]
            b       record
store_two:  mov     r3, r2
            stm     r1, {r2, r3}
            b       record
load_two:   ldm     r1, {r2, r3}
            eor     r2, r2, r3, ror #7
            b       record
at_pr:      mcr     p15, 0, r1, c7, c8, 0
            b       record
at_pw:      mcr     p15, 0, r1, c7, c8, 1
            b       record
at_ur:      mcr     p15, 0, r1, c7, c8, 2
            b       record
at_uw:      mcr     p15, 0, r1, c7, c8, 3
            b       record
fetch:      bx      r1
fetch_user: mov     r5, #0x1d0
            msr     spsr_cxsf, r5
            movs    pc, r1
user_return:
            svc     #0

configure:                      @ TTBR0 (2 words), TTBR1 (2), TTBCR, DACR, PRRR, NMRR, CONTEXTIDR, SCTLR
    mrc     p15, 0, r0, c1, c0, 0
    bic     r0, r0, #1
    mcr     p15, 0, r0, c1, c0, 0
    isb
    ldr     r5, [r1, #16]
    mcr     p15, 0, r5, c2, c0, 2
    ldm     r1, {r6, r7, r8, r9}
    cmp     r5, #0
    mcrrmi  p15, 0, r6, r7, c2
    mcrrmi  p15, 1, r8, r9, c2
    mcrpl   p15, 0, r6, c2, c0, 0
    mcrpl   p15, 0, r8, c2, c0, 1
    ldr     r5, [r1, #20]
    mcr     p15, 0, r5, c3, c0, 0
    ldr     r5, [r1, #24]
    mcr     p15, 0, r5, c10, c2, 0
    ldr     r5, [r1, #28]
    mcr     p15, 0, r5, c10, c2, 1
    ldr     r5, [r1, #32]
    mcr     p15, 0, r5, c13, c0, 1
    mcr     p15, 0, r0, c8, c7, 0
    ldr     r5, [r1, #36]
    isb
    mcr     p15, 0, r5, c1, c0, 0
    isb

record:
    str     r2, [r11], #4
    str     r4, [r11], #4
    mrc     p15, 0, r5, c5, c0, 0
    str     r5, [r11], #4
    mrc     p15, 0, r5, c6, c0, 0
    str     r5, [r11], #4
    mrc     p15, 0, r5, c5, c0, 1
    str     r5, [r11], #4
    mrc     p15, 0, r5, c6, c0, 2
    str     r5, [r11], #4
    mrrc    p15, 0, r5, r6, c7
    str     r5, [r11], #4
    str     r6, [r11], #4
    b       next

end:
    mrc     p15, 0, r0, c1, c0, 0
    bic     r0, r0, #1
    mcr     p15, 0, r0, c1, c0, 0
    isb
    mov     r0, #0x09000000
    mov     r1, #'d'
    str     r1, [r0]
    mov     r1, #'\n'
    str     r1, [r0]
    b       .
