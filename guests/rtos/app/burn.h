/* Processor work without memory or device access. */
#ifndef BURN_H
#define BURN_H

#include <stdint.h>

/* Runs that many iterations (at least 1) of a short loop. */
void burn(uint32_t iterations);

/* The same with floating point, in images that have it: the bits of a double that only the number decides. */
uint64_t burn_float(uint32_t iterations);

/* Iterations that take one millisecond, measured against the counter; interrupts are masked. */
uint32_t burn_calibrate(void);

#endif
