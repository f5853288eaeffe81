/* The physical timer CNTP (PPI 30) as a guest sees it: a tick with absolute deadlines, the level of its interrupt, masks,
   and what the distributor shows of it. Prints what it found; the counts at the end tell when. */
#include "console.h"
#include "cp15.h"
#include "gic.h"

#define IRQ_PHYSICAL_TIMER 30
#define GICD_ICENABLER0 (PLATFORM_GICD_BASE + 0x180)
#define GICD_ISPENDR0 (PLATFORM_GICD_BASE + 0x200)
#define CNTP_CTL_ENABLE 1u
#define CNTP_CTL_IMASK 2u
#define CNTP_CTL_ISTATUS 4u
#define TICKS 200

int main(void);
void timer_interrupt(void);

static volatile uint32_t interrupts;
static volatile uint32_t moves_on_at; /* the interrupt from which on the handler moves the timer */
static uint64_t deadline;
static uint32_t period;

static uint64_t read_cntpct(void)
{
    uint64_t value;
    __asm__ volatile("isb\n\tmrrc p15, 0, %Q0, %R0, c14" : "=r"(value) : : "memory");
    return value;
}

static void write_cntp_cval(uint64_t value)
{
    __asm__ volatile("mcrr p15, 2, %Q0, %R0, c14\n\tisb" : : "r"(value) : "memory");
}

static uint64_t read_cntp_cval(void)
{
    uint64_t value;
    __asm__ volatile("mrrc p15, 2, %Q0, %R0, c14" : "=r"(value));
    return value;
}

static void write_cntp_tval(uint32_t value)
{
    __asm__ volatile("mcr p15, 0, %0, c14, c2, 0\n\tisb" : : "r"(value) : "memory");
}

static uint32_t read_cntp_tval(void)
{
    uint32_t value;
    __asm__ volatile("mrc p15, 0, %0, c14, c2, 0" : "=r"(value));
    return value;
}

static void write_cntp_ctl(uint32_t value)
{
    __asm__ volatile("mcr p15, 0, %0, c14, c2, 1\n\tisb" : : "r"(value) : "memory");
}

static uint32_t read_cntp_ctl(void)
{
    uint32_t value;
    __asm__ volatile("mrc p15, 0, %0, c14, c2, 1" : "=r"(value));
    return value;
}

static void say(const char *what, uint64_t value)
{
    console_text("ActorTrace timers: ");
    console_text(what);
    console_text("=");
    console_decimal(value);
    console_text("\n");
}

/* Interrupts before the one that may move the timer end without touching it: the level brings them again. */
void timer_interrupt(void)
{
    uint32_t iar = gic_acknowledge();

    if ((iar & GICC_IAR_ID_MASK) == IRQ_PHYSICAL_TIMER) {
        interrupts++;
        if (interrupts >= moves_on_at) {
            deadline += period;
            write_cntp_cval(deadline);
        }
    }
    gic_end(iar);
}

static void unmask(void)
{
    __asm__ volatile("cpsie i" : : : "memory");
}

static void mask(void)
{
    __asm__ volatile("cpsid i" : : : "memory");
}

static void start(uint64_t first)
{
    interrupts = 0;
    deadline = first;
    write_cntp_cval(deadline);
    write_cntp_ctl(CNTP_CTL_ENABLE);
}

static void pass_periods(uint32_t count)
{
    uint64_t until = read_cntpct() + (uint64_t)count * period;
    while (read_cntpct() < until) {
    }
}

static uint32_t shown_pending(void)
{
    return (mmio_read32(GICD_ISPENDR0) >> IRQ_PHYSICAL_TIMER) & 1;
}

static void tick(void)
{
    moves_on_at = 0;
    uint64_t begin = read_cntpct();
    start(begin + period);
    unmask();
    while (interrupts < TICKS) {
        cpu_wait_for_interrupt();
    }
    mask();
    write_cntp_ctl(0);
    say("ticks", interrupts);
    say("periods", (uint32_t)(read_cntpct() - begin) / period);
}

static void level(void)
{
    moves_on_at = 5;
    start(read_cntpct() + period);
    unmask();
    pass_periods(2);
    mask();
    write_cntp_ctl(0);
    say("interrupts of one deadline and the next", interrupts);
}

static void masks(void)
{
    moves_on_at = 0;
    start(read_cntpct());
    write_cntp_ctl(CNTP_CTL_ENABLE | CNTP_CTL_IMASK);
    unmask();
    pass_periods(1);
    say("while masked", interrupts);
    say("status while masked", read_cntp_ctl());
    deadline = read_cntpct() + period;
    write_cntp_ctl(CNTP_CTL_ENABLE);
    say("after the mask", interrupts);
    mask();
    write_cntp_ctl(0);
    say("status when off", read_cntp_ctl());
}

/* Due and not taken, the interrupt is pending until the timer is moved on. */
static void pending(void)
{
    start(read_cntpct());
    say("pending when due", shown_pending());
    write_cntp_cval(read_cntpct() + 1000 * (uint64_t)period);
    say("pending when moved on", shown_pending());
    mmio_write32(GICD_ICENABLER0, 1u << IRQ_PHYSICAL_TIMER);
    write_cntp_cval(0);
    say("pending when disabled", shown_pending());
    write_cntp_ctl(0);
    say("pending when disabled and off", shown_pending());
    mmio_write32(GICD_ISENABLER0, 1u << IRQ_PHYSICAL_TIMER);
    unmask();
    say("taken", interrupts);
    mask();
}

static void values(void)
{
    write_cntp_tval(0xFFFFFFF0u);
    say("compare of a negative value", read_cntpct() - read_cntp_cval() < period);
    write_cntp_cval(read_cntpct() + 100 * (uint64_t)period);
    uint32_t left = read_cntp_tval();
    say("left", (left + period - 1) / period);
}

int main(void)
{
    period = cp15_read_cntfrq() / 1000;
    console_init();
    gic_init();
    gic_enable_private(IRQ_PHYSICAL_TIMER, 0x80);
    tick();
    level();
    masks();
    pending();
    values();
    say("done counter", read_cntpct());
    return 0;
}
