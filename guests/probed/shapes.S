/* One function for each shape of an instruction or exit that a probe may be on. In the T32 image conditional
   instructions are in IT blocks that the assembler makes. */
        .syntax unified
        .arch_extension virt
        .text
#ifdef __thumb__
        .thumb
#endif

        .macro  function name
        .global \name
        .type   \name, %function
\name:
        .endm
        .macro  endfunction name
        .size   \name, . - \name
        .endm

function shape_branch
        b       1f
        nop
1:      add     r0, r0, #1
        bx      lr
endfunction shape_branch

function shape_pop_pc
        push    {r4, lr}
        mov     r4, r0
        add     r4, r4, #3
        mov     r0, r4
        .global shape_pop_pc_exit
shape_pop_pc_exit:
        pop     {r4, pc}
endfunction shape_pop_pc

function shape_literal
        ldr     r1, =0x12345678
        eor     r0, r0, r1
        bx      lr
endfunction shape_literal
        .ltorg

/* Four instructions under conditions, of which two are executed, the last at the end of its IT block. */
function shape_conditional
        cmp     r0, #5
        addlo   r0, r0, #1
        addhs   r0, r0, #2
        addlo   r0, r0, #0x10000
        .global shape_conditional_last
shape_conditional_last:
        eorhs   r0, r0, #0x20000
        bx      lr
endfunction shape_conditional

function shape_bl
        mov     r12, lr
        .global shape_bl_call
shape_bl_call:
        bl      2f
        bx      r12
2:      add     r0, r0, #7
        bx      lr
endfunction shape_bl

function shape_exits
        cmp     r0, #1
        bxlo    lr                              /* exit for 0 */
        push    {r4, lr}
        beq     1f
        add     r0, r0, #0x40
        pop     {r4, lr}
        bx      lr                              /* exit for more */
1:      mov     r0, #0x11
        pop     {r4, pc}                        /* exit for 1 */
endfunction shape_exits

function shape_tail_caller
        add     r0, r0, #1
        b       shape_tail_callee
endfunction shape_tail_caller

function shape_tail_callee
        add     r0, r0, r0
        bx      lr
endfunction shape_tail_callee

/* r0 + (r0 - 1) + ... + 0 */
function shape_recursive
        push    {r4, lr}
        movs    r4, r0
        beq     1f
        sub     r0, r0, #1
        bl      shape_recursive
        .global shape_recursive_back
shape_recursive_back:
        add     r0, r0, r4
1:      pop     {r4, pc}
endfunction shape_recursive

function shape_table
        and     r1, r0, #3
#ifdef __thumb__
        tbb     [pc, r1]
2:      .byte   (3f - 2b) / 2, (4f - 2b) / 2, (5f - 2b) / 2, (6f - 2b) / 2
#else
        add     pc, pc, r1, lsl #2
        nop
        b       3f
        b       4f
        b       5f
        b       6f
#endif
3:      add     r0, r0, #0x100
        bx      lr
4:      add     r0, r0, #0x200
        bx      lr
5:      add     r0, r0, #0x300
        bx      lr
6:      add     r0, r0, #0x400
        bx      lr
endfunction shape_table

/* Adds 5 in the other instruction set. */
function shape_interworking
        push    {r4, lr}
        blx     other_set
        .global shape_interworking_back
shape_interworking_back:
        pop     {r4, pc}
endfunction shape_interworking

#ifdef __thumb__
        .arm
#else
        .thumb
#endif
        .balign 4
function other_set
        adds    r0, r0, #5
        bx      lr
endfunction other_set
#ifdef __thumb__
        .thumb
#else
        .arm
#endif
        .balign 4

function shape_system
        push    {r4, lr}
        mrs     r1, cpsr
        msr     cpsr_f, r1
        mcr     p15, 0, r0, c13, c0, 2          /* TPIDRURW */
        isb
        mrc     p15, 0, r2, c13, c0, 2
        svc     #1
        clz     r3, r2
        add     r0, r0, r3
        udiv    r3, r2, r0
        add     r0, r0, r3
        cpsid   i
        dmb
        pop     {r4, pc}
endfunction shape_system

/* Adds one to a word, by exclusive accesses. */
function shape_exclusive
        mov     r3, r0
1:      ldrex   r1, [r3]
        .global shape_exclusive_inside
shape_exclusive_inside:
        add     r1, r1, #1
        .global shape_exclusive_store
shape_exclusive_store:
        strex   r2, r1, [r3]
        .global shape_exclusive_after
shape_exclusive_after:
        cmp     r2, #0
        bne     1b
        mov     r0, r1
        bx      lr
endfunction shape_exclusive

function own_breakpoint
        mov     r0, #0x55
        .global own_breakpoint_itself
own_breakpoint_itself:
        bkpt    #7
        add     r0, r0, #1
        bx      lr
endfunction own_breakpoint

function own_hypercall
        movw    r0, #0x1234
        .global own_hypercall_itself
own_hypercall_itself:
        hvc     #0x200                          /* an immediate of the probes' range */
        bx      lr
endfunction own_hypercall

/* Calls deeper, and from there leaves past all of it: the deeper calls never return. */
function escape
        push    {r4, lr}
        mov     r4, sp
        bl      escape_deeper
        b       .                               /* not reached */
endfunction escape

function escape_deeper
        push    {r5, lr}
        cmp     r0, #0
        beq     1f
        sub     r0, r0, #1
        bl      escape_deeper
1:      mov     sp, r4
        mov     r0, #0x77
        pop     {r4, pc}
endfunction escape_deeper

/* Its first instruction is written anew while the guest runs. */
        .balign 64
function patched
        movs    r0, #1
        bx      lr
endfunction patched

function call_patched
        push    {r4, lr}
        bl      patched
        pop     {r4, pc}
endfunction call_patched

/* The last instruction of a page, in T32 one that begins at its last halfword. */
        .balign 4096
#ifdef __thumb__
        .space  4096 - 2 - 4
#else
        .space  4096 - 4 - 4
#endif
function shape_page_end
        add     r0, r0, #0x21
#ifdef __thumb__
        .balign 2
#endif
        .global shape_page_end_last
shape_page_end_last:
        add     r0, r0, #0x310
        bx      lr
endfunction shape_page_end
