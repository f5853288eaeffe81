/* What the interrupt controller lets through, and in which order: more interrupts at once than there are list registers,
   priorities, preemption, groups of priorities, split end of interrupt, withdrawing; then what is typed at the console, by
   interrupt. Every interrupt taken is written down and printed, so that two boards can be compared. */
#include "gic.h"
#include "uart.h"

#define GICD_ICENABLER (PLATFORM_GICD_BASE + 0x180)
#define GICD_ISPENDR (PLATFORM_GICD_BASE + 0x200)
#define GICD_ICPENDR (PLATFORM_GICD_BASE + 0x280)
#define GICD_ISACTIVER (PLATFORM_GICD_BASE + 0x300)
#define GICD_ICFGR (PLATFORM_GICD_BASE + 0xC00)
#define GICD_ITARGETSR (PLATFORM_GICD_BASE + 0x800)
#define GICC_RPR (PLATFORM_GICC_BASE + 0x14)
#define GICC_HPPIR (PLATFORM_GICC_BASE + 0x18)
#define GICC_DIR (PLATFORM_GICC_BASE + 0x1000)
#define GICC_CTLR_SPLIT 0x201
#define SPI_FIRST 64
#define SPI_COUNT 16
#define ENABLED (SPI_FIRST / 32 * 4)
#define CHAIN 6 /* interrupts that are active at once: more than there are list registers */
#define NONE 2000

int main(void);
void interrupt(void);

static volatile uint32_t log_length;
static struct {
    uint32_t iar;
    uint32_t running;
} taken[128];

static volatile uint32_t raise_in_handler = NONE; /* the interrupt whose handler makes raise_next pending and lets itself be preempted */
static volatile uint32_t raise_next;
static volatile uint32_t split;
static volatile uint32_t lines;
static char line[64];
static uint32_t line_length;

static inline void irq_on(void)
{
    __asm__ volatile("cpsie i" : : : "memory");
}

static inline void irq_off(void)
{
    __asm__ volatile("cpsid i" : : : "memory");
}

static void spi_pend(uint32_t id)
{
    mmio_write32(GICD_ISPENDR + id / 32 * 4, 1u << (id % 32));
}

static void spi_priority(uint32_t id, uint8_t priority)
{
    mmio_write8(GICD_IPRIORITYR + id, priority);
}

static void receive(void)
{
    for (int byte = uart_take(); byte >= 0; byte = uart_take()) {
        if (byte == '\n') {
            line[line_length] = '\0';
            line_length = 0;
            uart_text("typed: ");
            uart_text(line);
            uart_text("\n");
            lines++;
        } else if (line_length < sizeof line - 1) {
            line[line_length++] = (char)byte;
        }
    }
    uart_acknowledge();
}

void interrupt(void)
{
    uint32_t iar = gic_acknowledge();
    uint32_t id = iar & GICC_IAR_ID_MASK;

    if (id == PLATFORM_IRQ_UART) {
        receive();
        gic_end(iar);
        return;
    }
    if (log_length < sizeof taken / sizeof taken[0]) {
        taken[log_length].iar = iar;
        taken[log_length++].running = mmio_read32(GICC_RPR);
    }
    if (id == PLATFORM_IRQ_SPURIOUS) {
        return;
    }
    if (id == raise_in_handler) {
        spi_pend(raise_next);
        raise_in_handler = raise_next < SPI_FIRST + CHAIN - 1 ? raise_next : NONE;
        raise_next++;
        if (split != 0) {
            gic_end(iar);
        }
        irq_on();
        irq_off();
        if (log_length < sizeof taken / sizeof taken[0]) {
            taken[log_length].iar = 0x1000 + id;
            taken[log_length++].running = mmio_read32(GICC_RPR);
        }
    } else if (split != 0) {
        gic_end(iar);
    }
    if (split != 0) {
        mmio_write32(GICC_DIR, iar);
    } else {
        gic_end(iar);
    }
}

static void print(const char *what)
{
    irq_on();
    for (volatile uint32_t i = 0; i < 200; i++) {
    }
    irq_off();
    uart_text(what);
    uart_text(":");
    for (uint32_t i = 0; i < log_length; i++) {
        uart_text(" ");
        uart_decimal(taken[i].iar);
        uart_text("/");
        uart_decimal(taken[i].running);
    }
    uart_text("\n");
    log_length = 0;
}

/* More at once than any list register can hold, with priorities that are not in the order of the numbers. */
static void many_at_once(void)
{
    for (uint32_t i = 0; i < SPI_COUNT; i++) {
        spi_priority(SPI_FIRST + i, (uint8_t)((i * 5 % 16) * 8 + 0x10));
        spi_pend(SPI_FIRST + i);
    }
    print("by priority");
    for (uint32_t i = 0; i < SPI_COUNT; i++) {
        spi_priority(SPI_FIRST + i, 0x80);
        spi_pend(SPI_FIRST + i);
    }
    print("by number");
    for (uint32_t sgi = 0; sgi < 16; sgi++) {
        mmio_write32(GICD_SGIR, 0x02000000 | sgi);
    }
    print("to itself");
}

/* Each handler makes a more urgent one pending. */
static void preemption(void)
{
    for (uint32_t i = 0; i < CHAIN; i++) {
        spi_priority(SPI_FIRST + i, (uint8_t)(0xC0 - 0x20 * i));
    }
    raise_in_handler = SPI_FIRST;
    raise_next = SPI_FIRST + 1;
    spi_pend(SPI_FIRST);
    print("preempted");
    mmio_write32(GICC_BPR, 6); /* groups of 0x80: only one of them preempts */
    raise_in_handler = SPI_FIRST;
    raise_next = SPI_FIRST + 1;
    spi_pend(SPI_FIRST);
    print("in groups");
    mmio_write32(GICC_BPR, 0);
    split = 1;
    mmio_write32(GICC_CTLR, GICC_CTLR_SPLIT);
    raise_in_handler = SPI_FIRST;
    raise_next = SPI_FIRST + 1;
    spi_pend(SPI_FIRST);
    print("split");
    mmio_write32(GICC_CTLR, 1);
    split = 0;
    raise_in_handler = NONE;
}

/* What is pending can be withdrawn, masked, disabled and made more urgent before it is taken. */
static void withdrawing(void)
{
    for (uint32_t i = 0; i < 8; i++) {
        spi_priority(SPI_FIRST + i, (uint8_t)(0x40 + 8 * i));
        spi_pend(SPI_FIRST + i);
    }
    mmio_write32(GICD_ICPENDR + ENABLED, 1u << 1);
    mmio_write32(GICD_ICENABLER + ENABLED, 1u << 2);
    spi_priority(SPI_FIRST + 7, 0x20);
    mmio_write32(GICC_PMR, 0x60);
    uart_text("pending ");
    uart_decimal(mmio_read32(GICD_ISPENDR + ENABLED) & 0xFFFF);
    uart_text(" next ");
    uart_decimal(mmio_read32(GICC_HPPIR));
    uart_text("\n");
    print("above the mask");
    mmio_write32(GICC_PMR, 0xF0);
    print("below it");
    mmio_write32(GICD_ISENABLER0 + ENABLED, 1u << 2);
    print("enabled again");
    mmio_write32(GICD_CTLR, 0);
    spi_pend(SPI_FIRST);
    print("distributor off");
    mmio_write32(GICD_CTLR, 1);
    print("distributor on");
    uart_text("active ");
    uart_decimal(mmio_read32(GICD_ISACTIVER + ENABLED) & 0xFFFF);
    uart_text("\n");
}

int main(void)
{
    uart_init();
    gic_init();
    for (uint32_t sgi = 0; sgi < 16; sgi++) {
        gic_enable_private(sgi, (uint8_t)(0x90 - 8 * (sgi & 3)));
    }
    for (uint32_t i = 0; i < SPI_COUNT; i++) {
        mmio_write8(GICD_ITARGETSR + SPI_FIRST + i, 1);
    }
    mmio_write32(GICD_ICFGR + SPI_FIRST / 16 * 4, 0xAAAAAAAA);
    mmio_write32(GICD_ISENABLER0 + ENABLED, (1u << SPI_COUNT) - 1);
    many_at_once();
    preemption();
    withdrawing();

    spi_priority(PLATFORM_IRQ_UART, 0x50);
    mmio_write8(GICD_ITARGETSR + PLATFORM_IRQ_UART, 1);
    mmio_write32(GICD_ISENABLER0 + PLATFORM_IRQ_UART / 32 * 4, 1u << (PLATFORM_IRQ_UART % 32));
    uart_listen();
    uart_text("type two lines\n");
    irq_on();
    while (lines < 2) {
        __asm__ volatile("wfi");
    }
    irq_off();
    uart_text("done\n");
    return 0;
}
