/* The exception vectors (VBAR needs 32-byte alignment) and the entry of the fatal ones. */
#include "platform.h"

        .syntax unified
        INSTRUCTION_SET
        .text

        .macro  VECTOR target
#ifdef __thumb__
        b.w     \target
#else
        b       \target
#endif
        .endm

        .global vectors
        .type   vectors, %object
        .balign 32
vectors:
        VECTOR  fault_reset
        VECTOR  fault_undefined
        VECTOR  fault_supervisor_call
        VECTOR  fault_prefetch_abort
        VECTOR  fault_data_abort
        VECTOR  fault_reserved
        VECTOR  irq_entry
        VECTOR  fault_fiq
        .size   vectors, . - vectors

        .macro  FAULT name, index
        .type   \name, %function
\name:
        mov     r0, #\index
        b       fault_entry
        .size   \name, . - \name
        .endm

        FAULT   fault_reset, 0
        FAULT   fault_undefined, 1
        FAULT   fault_supervisor_call, 2
        FAULT   fault_prefetch_abort, 3
        FAULT   fault_data_abort, 4
        FAULT   fault_reserved, 5
        FAULT   fault_fiq, 7

        .type   fault_entry, %function
fault_entry:
        ldr     sp, =fault_stack_top    /* this mode's own bank; the task's stack may be what is broken */
        mov     r1, lr
        mrs     r2, spsr
        cpsid   aif
        b       fault_report
        .size   fault_entry, . - fault_entry
        .ltorg

        .bss
        .balign 8
        .space  1024
fault_stack_top:
