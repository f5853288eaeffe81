/* Each measurement is a pair of loops that differ in the operation alone: where the one has it, the other has as many NOPs.
   uint32_t NAME(uint32_t count) returns the cycles that its loop took by the cycle counter, NAME_loop those of the other.
   HVC #0xFFFF before and after a loop marks it for whoever records the hypervisor's steps. */
#include "platform.h"

        .syntax unified
        .arm
        .arch_extension virt

#define UART_FR 0x18
#define GICC_PMR 0x04
#define GICC_IAR 0x0C
#define GICC_EOIR 0x10
#define GICD_SGIR 0xF00
#define SGI 1
#define TO_SELF ((2 << 24) | SGI)
#define TO_CORE_0 ((1 << 16) | SGI)
#define TO_CORE_1 ((2 << 16) | SGI)

        .macro  counter register
        isb
        mrc     p15, 0, \register, c9, c13, 0   /* PMCCNTR */
        .endm

/* R4 rounds, R8 GICC, R9 GICD_SGIR, R2 the UART's flags, R3 what goes to GICD_SGIR */
        .macro  enter name, target
        .text
        .global \name
        .type   \name, %function
\name:
        push    {r4-r9, lr}
        mov     r4, r0
        mov     r5, #0
        ldr     r2, =PLATFORM_UART_BASE + UART_FR
        ldr     r3, =\target
        ldr     r8, =PLATFORM_GICC_BASE
        ldr     r9, =PLATFORM_GICD_BASE + GICD_SGIR
        hvc     #0xFFFF
        .endm

        .macro  leave name
        hvc     #0xFFFF
        mov     r0, r5
        pop     {r4-r9, pc}
        .size   \name, . - \name
        .ltorg
        .endm

/* Measures a whole loop. */
        .macro  measure name, target, operation:vararg
        enter   \name, \target
        counter r6
1:      \operation
        subs    r4, r4, #1
        bne     1b
        counter r7
        sub     r5, r7, r6
        leave   \name
        .endm

/* Measures the operation in each round, without what comes before it; R5 sums up. */
        .macro  measure_rounds name, target, before, operation:vararg
        enter   \name, \target
1:      \before
        counter r6
        \operation
        counter r7
        sub     r7, r7, r6
        add     r5, r5, r7
        subs    r4, r4, #1
        bne     1b
        leave   \name
        .endm

        .macro  nops count
        .rept   \count
        nop
        .endr
        .endm

        .macro  call_hypervisor
        hvc     #0xFFFE
        .endm

        .macro  load_flags
        ldr     r1, [r2]
        .endm

        .macro  load_mask
        ldr     r1, [r8, #GICC_PMR]
        .endm

        .macro  send
        str     r3, [r9]
        .endm

        .macro  acknowledge_and_end
        ldr     r1, [r8, #GICC_IAR]
        str     r1, [r8, #GICC_EOIR]
        .endm

        .macro  send_and_await
        send
        wfi
        acknowledge_and_end
        .endm

        .macro  await_and_send
        wfi
        acknowledge_and_end
        send
        .endm

/* Nothing: reading the counter twice. */
        measure_rounds  nothing, 0, nop

/* A hypercall that the hypervisor answers at once. */
        measure hypercall, 0, call_hypervisor
        measure hypercall_loop, 0, nop

/* A load from a register of the emulated UART. */
        measure device_access, 0, load_flags
        measure device_access_loop, 0, nop

/* A load from a register of the interrupt interface. */
        measure interface_access, 0, load_mask
        measure interface_access_loop, 0, nop

/* Acknowledging and ending an interrupt, which this core has sent to itself before. */
        measure_rounds  acknowledge_end, TO_SELF, send, acknowledge_and_end
        measure_rounds  acknowledge_end_loop, TO_SELF, nop, nops 2

/* An interrupt to the other core and one back: each is sent, acknowledged and ended. The cores sleep in WFI meanwhile. */
        measure round_trip, TO_CORE_1, send_and_await
        measure round_trip_loop, TO_CORE_1, nops 4
        measure answer, TO_CORE_0, await_and_send
