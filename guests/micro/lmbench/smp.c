/* lmbench's context switch and pipe between two cores: the byte goes to the other core by an SGI, as a wake-up does, and each
   core sleeps in WFI until the other's comes. The cores share nothing but the distributor: natively each has an image of its
   own. */
#include "clock.h"
#include "counter.h"
#include "cp15.h"
#include "console.h"
#include "gic.h"
#include "paths.h"
#include "print.h"

#define ROUND_TRIPS 100
#define SGI 1
#define SGI_TARGET_SHIFT 16

int main(void);
void start_other_core(void);

static volatile uint64_t run_queue_clock;

/* A task puts a byte into the pipe, wakes the reader on the other core and waits itself. */
static void hop(uint32_t core, uint32_t cycles)
{
    path(cycles);
    run_queue_clock = clock_read();
    mmio_write32(GICD_SGIR, (1u << (SGI_TARGET_SHIFT + core)) | SGI);
    run_queue_clock = clock_read();
}

static void await(void)
{
    __asm__ volatile("wfi" : : : "memory");
    gic_end(gic_acknowledge());
}

static uint32_t round_trips(uint32_t count, uint32_t cycles)
{
    uint32_t before = counter_read();

    for (uint32_t i = 0; i < count; i++) {
        hop(1, cycles);
        await();
    }
    return counter_read() - before;
}

static void answer(uint32_t count, uint32_t cycles)
{
    for (uint32_t i = 0; i < count; i++) {
        await();
        hop(0, cycles);
    }
}

int main(void)
{
    gic_init();
    gic_enable_private(SGI, 0x80);
    if ((cp15_read_mpidr() & 3) != 0) {
        answer(1 + ROUND_TRIPS, HOP_PATH_SWITCH);
        answer(ROUND_TRIPS, HOP_PATH_PIPE);
        return 0;
    }
    counter_start();
    console_init();
    start_other_core();
    round_trips(1, HOP_PATH_SWITCH); /* the other core is there when it has answered */
    uint32_t switches = round_trips(ROUND_TRIPS, HOP_PATH_SWITCH);
    uint32_t pipes = round_trips(ROUND_TRIPS, HOP_PATH_PIPE);
    print("switch", 2 * ROUND_TRIPS, switches);
    print("round-trip", ROUND_TRIPS, pipes);
    print_done();
    return 0;
}
