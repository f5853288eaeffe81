/* Entry, and the exceptions that the guest takes on purpose. */
#include "platform.h"

        .syntax unified
        .section .text.start, "ax", %progbits
        .arm
        .global start
        .type   start, %function
start:
        cpsid   aif, #CPSR_MODE_ABT
        ldr     sp, =abort_stack_top
        cps     #CPSR_MODE_SVC
        ldr     sp, =stack_top
        ldr     r0, =vectors
        mcr     p15, 0, r0, c12, c0, 0          /* VBAR */
        isb
        ldr     r0, =main
        blx     r0
1:      wfi
        b       1b
        .size   start, . - start
        .ltorg

/* A breakpoint of the guest's own: counted by its fault status, stepped over. */
        .arm
        .type   prefetch_entry, %function
prefetch_entry:
        push    {r0-r3}
        mrc     p15, 0, r0, c5, c0, 1           /* IFSR */
        ldr     r1, =breakpoints
        cmp     r0, #2                          /* debug event */
        ldreq   r2, [r1]
        addeq   r2, r2, #1
        streq   r2, [r1]
        bne     fetch_failed
        mrs     r0, spsr
        tst     r0, #0x20
        pop     {r0-r3}
        subsne  pc, lr, #2                      /* LR_abt is 4 behind the breakpoint, in T32 2 behind what follows */
        movs    pc, lr
        .size   prefetch_entry, . - prefetch_entry
        .ltorg

/* Any other prefetch abort ends the user's run as its SVC would, and leaves its status and address. */
        .type   fetch_failed, %function
fetch_failed:
        mrc     p15, 0, r2, c6, c0, 2           /* IFAR */
        str     r0, [r1, #4]
        str     r2, [r1, #8]
        mrs     r2, spsr
        str     r2, [r1, #12]
        pop     {r0-r3}
        cps     #CPSR_MODE_SVC
        b       user_done
        .size   fetch_failed, . - fetch_failed

/* SVC from user mode ends the user's run (user.S); from the kernel it adds one to r0. */
        .type   supervisor_entry, %function
supervisor_entry:
        push    {r1, lr}
        mrs     r1, spsr
        tst     r1, #0xF
        pop     {r1, lr}
        beq     user_done
        add     r0, r0, #1
        movs    pc, lr
        .size   supervisor_entry, . - supervisor_entry

        .balign 32
        .type   vectors, %object
vectors:
        b       .
        b       .
        b       supervisor_entry
        b       prefetch_entry
        b       .
        b       .
        b       .
        b       .
        .size   vectors, . - vectors

        .bss
        .balign 8
        .space  1024
abort_stack_top:
        .space  8192
stack_top:
        .global breakpoints
        .type   breakpoints, %object
breakpoints:                                    /* debug events; of the last other prefetch abort IFSR, IFAR and SPSR */
        .space  16
        .size   breakpoints, . - breakpoints
