/* The cycle counter of the performance monitors (ARM ARM DDI 0406C C12.8). */
#ifndef CYCLES_H
#define CYCLES_H

#include <stdint.h>

#define PMCR_ENABLE 1u
#define PMCR_RESET_CYCLES 4u
#define PMCNTEN_CYCLES 0x80000000u

static inline void cycles_start(void)
{
    __asm__ volatile("mcr p15, 0, %0, c9, c12, 1" : : "r"(PMCNTEN_CYCLES));
    __asm__ volatile("mcr p15, 0, %0, c9, c12, 0\n\tisb" : : "r"(PMCR_ENABLE | PMCR_RESET_CYCLES));
}

/* Modulo 2^32. The ISB keeps the read in program order. */
static inline uint32_t cycles_now(void)
{
    uint32_t value;

    __asm__ volatile("isb\n\tmrc p15, 0, %0, c9, c13, 0" : "=r"(value) : : "memory");
    return value;
}

#endif
