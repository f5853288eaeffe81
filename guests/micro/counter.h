/* The cycle counter, PMCCNTR: started from 0, for user programs too. */
#ifndef COUNTER_H
#define COUNTER_H

#include <stdint.h>

#define PMCR_E 1u
#define PMCR_C 4u
#define PMCNTEN_C (1u << 31)

static inline void counter_start(void)
{
    __asm__ volatile("mcr p15, 0, %0, c9, c12, 0" : : "r"(PMCR_E | PMCR_C)); /* PMCR */
    __asm__ volatile("mcr p15, 0, %0, c9, c14, 0" : : "r"(1)); /* PMUSERENR */
    __asm__ volatile("mcr p15, 0, %0, c9, c12, 1\n\tisb" : : "r"(PMCNTEN_C)); /* PMCNTENSET */
}

static inline uint32_t counter_read(void)
{
    uint32_t value;
    __asm__ volatile("isb\n\tmrc p15, 0, %0, c9, c13, 0" : "=r"(value) : : "memory");
    return value;
}

#endif
