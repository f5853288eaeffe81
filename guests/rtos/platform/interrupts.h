/* What the vectors call. */
#ifndef INTERRUPTS_H
#define INTERRUPTS_H

#include <stdint.h>

/* Takes one interrupt from the GIC; called between OSIntEnter and OSIntExit. */
void interrupt_dispatch(void);

/* Reports an exception that this guest never causes in health, and stops. `vector` is the vector's index. */
void fault_report(uint32_t vector, uint32_t lr, uint32_t spsr) __attribute__((noreturn));

#endif
