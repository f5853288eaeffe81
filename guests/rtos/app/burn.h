/* Processor work without memory or device access. */
#ifndef BURN_H
#define BURN_H

#include <stdint.h>

/* Runs that many iterations (at least 1) of a loop of four instructions. */
void burn(uint32_t iterations);

/* Iterations that take one millisecond, measured against the counter; interrupts are masked. */
uint32_t burn_calibrate(void);

#endif
