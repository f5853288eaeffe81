/* GICv2 (ARM IHI 0048B): the registers of the distributor and of the CPU interface that the guests use.
   The CPU interface may be a GICV: only what both have is named here. */
#ifndef GIC_H
#define GIC_H

#include "mmio.h"
#include "platform.h"

#define GICD_CTLR (PLATFORM_GICD_BASE + 0x000)
#define GICD_ISENABLER0 (PLATFORM_GICD_BASE + 0x100)
#define GICD_IPRIORITYR (PLATFORM_GICD_BASE + 0x400)
#define GICD_SGIR (PLATFORM_GICD_BASE + 0xF00)

#define GICC_CTLR (PLATFORM_GICC_BASE + 0x00)
#define GICC_PMR (PLATFORM_GICC_BASE + 0x04)
#define GICC_BPR (PLATFORM_GICC_BASE + 0x08)
#define GICC_IAR (PLATFORM_GICC_BASE + 0x0C)
#define GICC_EOIR (PLATFORM_GICC_BASE + 0x10)

#define GICC_IAR_ID_MASK 0x3FF

/* Lets this core take every enabled interrupt whose priority is above 0xF0. */
static inline void gic_init(void)
{
    mmio_write32(GICD_CTLR, 1);
    mmio_write32(GICC_PMR, 0xF0);
    mmio_write32(GICC_BPR, 0);
    mmio_write32(GICC_CTLR, 1);
}

/* Enables an SGI or PPI of this core at the given priority. */
static inline void gic_enable_private(uint32_t id, uint8_t priority)
{
    mmio_write8(GICD_IPRIORITYR + id, priority);
    mmio_write32(GICD_ISENABLER0, 1u << id);
}

static inline uint32_t gic_acknowledge(void)
{
    return mmio_read32(GICC_IAR);
}

static inline void gic_end(uint32_t iar)
{
    mmio_write32(GICC_EOIR, iar);
}

#endif
