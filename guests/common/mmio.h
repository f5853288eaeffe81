/* Device register accesses, one load or store each. */
#ifndef MMIO_H
#define MMIO_H

#include <stdint.h>

static inline void mmio_write32(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)address = value;
}

static inline uint32_t mmio_read32(uint32_t address)
{
    return *(volatile uint32_t *)address;
}

static inline void mmio_write8(uint32_t address, uint8_t value)
{
    *(volatile uint8_t *)address = value;
}

#endif
