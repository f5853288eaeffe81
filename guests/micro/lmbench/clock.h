/* The kernel's clock and tick: virtual timer and counter, or with PHYSICAL_TIMER the physical ones, which a hypervisor has to
   emulate: a guest on a board without virtual timers has no others. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

#ifdef PHYSICAL_TIMER
#define TICK_INTERRUPT 30
#define READ_COUNT "mrrc p15, 0, %Q0, %R0, c14"
#define WRITE_COMPARE "mcrr p15, 2, %Q0, %R0, c14"
#define WRITE_CONTROL "mcr p15, 0, %0, c14, c2, 1"
#else
#define TICK_INTERRUPT 27
#define READ_COUNT "mrrc p15, 1, %Q0, %R0, c14"
#define WRITE_COMPARE "mcrr p15, 3, %Q0, %R0, c14"
#define WRITE_CONTROL "mcr p15, 0, %0, c14, c3, 1"
#endif

static inline uint64_t clock_read(void)
{
    uint64_t value;
    __asm__ volatile(READ_COUNT : "=r"(value));
    return value;
}

static inline void clock_compare(uint64_t value)
{
    __asm__ volatile(WRITE_COMPARE : : "r"(value));
}

static inline void clock_control(uint32_t value)
{
    __asm__ volatile(WRITE_CONTROL : : "r"(value));
}

#endif
