/* System control coprocessor registers used by C code, in the ARM ARM's names (DDI 0406C B4.1). */
#ifndef CP15_H
#define CP15_H

#include <stdint.h>

#define CNTV_CTL_ENABLE 1u

static inline uint32_t cp15_read_mpidr(void)
{
    uint32_t value;
    __asm__ volatile("mrc p15, 0, %0, c0, c0, 5" : "=r"(value));
    return value;
}

static inline uint32_t cp15_read_cntfrq(void)
{
    uint32_t value;
    __asm__ volatile("mrc p15, 0, %0, c14, c0, 0" : "=r"(value));
    return value;
}

/* The ISB keeps the read in program order (B8.1.1). */
static inline uint64_t cp15_read_cntvct(void)
{
    uint64_t value;
    __asm__ volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r"(value) : : "memory");
    return value;
}

static inline void cp15_write_cntv_cval(uint64_t value)
{
    __asm__ volatile("mcrr p15, 3, %Q0, %R0, c14\n\tisb" : : "r"(value) : "memory");
}

static inline void cp15_write_cntv_ctl(uint32_t value)
{
    __asm__ volatile("mcr p15, 0, %0, c14, c3, 1\n\tisb" : : "r"(value) : "memory");
}

static inline uint32_t cp15_read_dfsr(void)
{
    uint32_t value;
    __asm__ volatile("mrc p15, 0, %0, c5, c0, 0" : "=r"(value));
    return value;
}

static inline uint32_t cp15_read_ifsr(void)
{
    uint32_t value;
    __asm__ volatile("mrc p15, 0, %0, c5, c0, 1" : "=r"(value));
    return value;
}

static inline uint32_t cp15_read_dfar(void)
{
    uint32_t value;
    __asm__ volatile("mrc p15, 0, %0, c6, c0, 0" : "=r"(value));
    return value;
}

static inline uint32_t cp15_read_ifar(void)
{
    uint32_t value;
    __asm__ volatile("mrc p15, 0, %0, c6, c0, 2" : "=r"(value));
    return value;
}

static inline void cpu_wait_for_interrupt(void)
{
    __asm__ volatile("dsb\n\twfi" : : : "memory");
}

#endif
