/* What is left to do once the kernel runs at its virtual address: the interrupt controller. */
#include "gic.h"
#include "mmio.h"

#define TRACE_INTERRUPT 64u /* a shared peripheral interrupt that the hypervisor raises for each trace record */
#define TRACE_PRIORITY 0xA0u

#define GICD_ISENABLER(id) (PLATFORM_GICD_BASE + 0x100 + (id) / 32 * 4)
#define GICD_ITARGETSR(id) (PLATFORM_GICD_BASE + 0x800 + (id))
#define GICD_ICFGR(id) (PLATFORM_GICD_BASE + 0xC00 + (id) / 16 * 4)
#define ICFGR_EDGE(id) (2u << ((id) % 16 * 2))

void kernel_start(void);

void kernel_start(void)
{
    mmio_write32(GICD_ICFGR(TRACE_INTERRUPT), ICFGR_EDGE(TRACE_INTERRUPT));
    mmio_write8(GICD_IPRIORITYR + TRACE_INTERRUPT, TRACE_PRIORITY);
    mmio_write8(GICD_ITARGETSR(TRACE_INTERRUPT), 1);
    mmio_write32(GICD_ISENABLER(TRACE_INTERRUPT), 1u << TRACE_INTERRUPT % 32);
    gic_init();
}
