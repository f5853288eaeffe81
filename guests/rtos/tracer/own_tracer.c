#include "own_tracer.h"

#include "console.h"
#include "cp15.h"
#include "divide.h"
#include "gic.h"
#include "mmio.h"
#include "os.h"
#include "truth.h"

/* PL011 (ARM DDI 0183G): receive interrupt and receive timeout. */
#define UART_DR (PLATFORM_UART_BASE + 0x00)
#define UART_FR (PLATFORM_UART_BASE + 0x18)
#define UART_IMSC (PLATFORM_UART_BASE + 0x38)
#define UART_ICR (PLATFORM_UART_BASE + 0x44)
#define FR_RXFE (1u << 4)
#define INTERRUPT_RX 0x50

#define GICC_HPPIR (PLATFORM_GICC_BASE + 0x18)
#define PLATFORM_IRQ_SPECIAL 1020
#define GICD_ITARGETSR (PLATFORM_GICD_BASE + 0x800)
#define TRACER_PRIORITY 0x40

#define ROUNDS 20
#define SUPERVISOR_PRIO 10
#define MARKS 64

/* The crystal's nominal frequency: firmware takes it from the data sheet, the crystal itself is a little off. */
#define NOMINAL_MHZ 24
#define NANOSECONDS 1000000000u

static struct {
    uint64_t counter;
    uint8_t prio;
    char byte;
} marks[MARKS];
static uint32_t marks_count;

extern volatile uint32_t app_rounds;

void __wrap_OSStart(void)
{
    app_rounds = ROUNDS;
    __real_OSStart();
}

void __wrap_tick_start(void)
{
    __real_tick_start();
    mmio_write8(GICD_IPRIORITYR + PLATFORM_IRQ_UART, TRACER_PRIORITY);
    mmio_write8(GICD_ITARGETSR + PLATFORM_IRQ_UART, 1);
    mmio_write32(GICD_ISENABLER0 + PLATFORM_IRQ_UART / 32 * 4, 1u << PLATFORM_IRQ_UART % 32);
    mmio_write32(UART_IMSC, INTERRUPT_RX);
}

static void take_marks(uint64_t counter)
{
    while ((mmio_read32(UART_FR) & FR_RXFE) == 0) {
        char byte = (char)mmio_read32(UART_DR);
        if (marks_count < MARKS && byte > ' ' && byte <= '~') {
            marks[marks_count].counter = counter;
            marks[marks_count].prio = OSPrioCur;
            marks[marks_count].byte = byte;
            marks_count++;
        }
    }
    mmio_write32(UART_ICR, INTERRUPT_RX);
}

void __wrap_interrupt_dispatch(void)
{
    if ((mmio_read32(GICC_HPPIR) & GICC_IAR_ID_MASK) != PLATFORM_IRQ_UART) {
        __real_interrupt_dispatch();
        return;
    }
    uint64_t counter = cp15_read_cntvct();
    uint32_t iar = gic_acknowledge();

    if ((iar & GICC_IAR_ID_MASK) == PLATFORM_IRQ_UART) {
        take_marks(counter);
    }
    if ((iar & GICC_IAR_ID_MASK) < PLATFORM_IRQ_SPECIAL) {
        gic_end(iar);
    }
}

static uint32_t pid_of(uint8_t prio)
{
    return prio == OS_TASK_IDLE_PRIO ? 0 : prio;
}

static const char *name_of(uint8_t prio)
{
    return prio == OS_TASK_IDLE_PRIO || OSTCBPrioTbl[prio] == 0 ? "swapper/0" : OSTCBPrioTbl[prio]->OSTCBTaskName;
}

static void print_padded(uint32_t value, uint32_t digits)
{
    for (uint32_t limit = NANOSECONDS / 10; digits > 1; digits--, limit /= 10) {
        if (value < limit) {
            console_text("0");
        }
    }
    console_decimal(value);
}

static void print_head(uint8_t prio, uint64_t counter)
{
    uint32_t nanoseconds;
    uint64_t seconds = divide_u64(divide_u64(counter * (1000 / 8), NOMINAL_MHZ / 8, &nanoseconds), NANOSECONDS, &nanoseconds);

    console_text(prio == OS_TASK_IDLE_PRIO ? "<idle>" : name_of(prio));
    console_text("-");
    console_decimal(pid_of(prio));
    console_text(" [000] ");
    console_decimal(seconds);
    console_text(".");
    print_padded(nanoseconds, 9);
    console_text(": ");
}

static void print_task(const char *prefix, uint8_t prio)
{
    console_text(prefix);
    console_text("comm=");
    console_text(name_of(prio));
    console_text(" ");
    console_text(prefix);
    console_text("pid=");
    console_decimal(pid_of(prio));
    console_text(" ");
    console_text(prefix);
    console_text("prio=");
    console_decimal(prio == OS_TASK_IDLE_PRIO ? 120 : prio);
}

/* A task was ready when it left if it comes back without having been made ready. */
static const char *state_of(uint32_t entry, uint32_t count)
{
    uint8_t prio = truth_ring[entry].from;

    for (uint32_t i = entry + 1; i < count; i++) {
        if (truth_ring[i].to == prio) {
            return truth_ring[i].kind == TRUTH_READY ? "S" : "R";
        }
    }
    return pid_of(prio) == 0 ? "R" : "S";
}

static void print_entry(uint32_t index, uint32_t count)
{
    const struct truth_entry *entry = &truth_ring[index];

    print_head(entry->from, entry->counter);
    if (entry->kind == TRUTH_SWITCH) {
        console_text("sched_switch: ");
        print_task("prev_", entry->from);
        console_text(" prev_state=");
        console_text(state_of(index, count));
        console_text(" ==> ");
        print_task("next_", entry->to);
    } else {
        console_text("sched_waking: ");
        print_task("", entry->to);
        console_text(" target_cpu=000");
    }
    console_text("\n");
}

static void print_mark(uint32_t index)
{
    char text[] = "sync ?\n";

    text[sizeof text - 3] = marks[index].byte;
    print_head(marks[index].prio, marks[index].counter);
    console_text("tracing_mark_write: ");
    console_text(text);
}

static void print_log(void)
{
    uint32_t count = truth_count < TRUTH_RING_ENTRIES ? truth_count : TRUTH_RING_ENTRIES;
    uint32_t mark = 0;

    console_text("# tracer: the RTOS's own\n");
    for (uint32_t i = 0; i < count; i++) {
        while (mark < marks_count && marks[mark].counter <= truth_ring[i].counter) {
            print_mark(mark++);
        }
        print_entry(i, count);
    }
    while (mark < marks_count) {
        print_mark(mark++);
    }
    console_text("# end\n");
}

void __wrap_OSSemPend(OS_EVENT *event, uint32_t timeout, uint8_t *error)
{
    if (timeout == 0 && OSPrioCur == SUPERVISOR_PRIO) {
        print_log();
    }
    __real_OSSemPend(event, timeout, error);
}
