/* Exceptions other than IRQ end the guest with one line on the console. */
#include "console.h"
#include "cp15.h"
#include "interrupts.h"

static const char *const fault_names[8] = {
    "reset", "undefined instruction", "supervisor call", "prefetch abort", "data abort", "reserved", "irq", "fiq",
};

void fault_report(uint32_t vector, uint32_t lr, uint32_t spsr)
{
    console_text("ActorTrace RTOS: unexpected ");
    console_text(fault_names[vector & 7]);
    console_text(" lr=");
    console_hex(lr);
    console_text(" spsr=");
    console_hex(spsr);
    console_text(" dfsr=");
    console_hex(cp15_read_dfsr());
    console_text(" dfar=");
    console_hex(cp15_read_dfar());
    console_text(" ifsr=");
    console_hex(cp15_read_ifsr());
    console_text(" ifar=");
    console_hex(cp15_read_ifar());
    console_text("\n");
    for (;;) {
        cpu_wait_for_interrupt();
    }
}
