/* The counted loop that fills a path up to its length. Inlined: it is no function of the system that it stands for. */
#ifndef SPEND_H
#define SPEND_H

#include <stdint.h>

/* Two instructions for two cycles; less than two cycles are not spent. */
static inline __attribute__((always_inline)) void spend(uint32_t cycles)
{
    uint32_t rounds = cycles >> 1;

    if (rounds != 0) {
        __asm__ volatile("1: subs %0, %0, #1\n\tbne 1b" : "+r"(rounds) : : "cc");
    }
}

/* What is left of a path after the guest's own instructions for it. */
static inline uint32_t spend_rest(uint32_t path, uint32_t own)
{
    return path > own ? path - own : 0;
}

#endif
