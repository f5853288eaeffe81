/* Measures single operations in cycles of the core and prints, a line each, how often it was done and what it took, the loop
   around it left out. */
#include "console.h"
#include "counter.h"
#include "cp15.h"
#include "gic.h"
#include "print.h"

#define OPERATIONS 400
#define ROUND_TRIPS 200
#define SGI 1

int main(void);
void start_other_core(void);
extern volatile uint32_t undefined_count;

typedef uint32_t measurement(uint32_t count);
measurement nothing, hypercall, hypercall_loop, device_access, device_access_loop, interface_access, interface_access_loop, acknowledge_end, acknowledge_end_loop,
    round_trip, round_trip_loop, answer;

static void measure(const char *name, measurement *with, measurement *without)
{
    print(name, OPERATIONS, with(OPERATIONS) - without(OPERATIONS));
}

int main(void)
{
    uint32_t core = cp15_read_mpidr() & 3;

    gic_init();
    gic_enable_private(SGI, 0x80);
    if (core != 0) {
        answer(1 + ROUND_TRIPS);
        return 0;
    }
    counter_start();
    console_init();
    print("nothing", OPERATIONS, nothing(OPERATIONS));
    uint32_t undefined_before = undefined_count;
    measure("hypercall", hypercall, hypercall_loop);
    if (undefined_count != undefined_before) {
        console_text("the hypercall is undefined here\n");
    }
    measure("device-access", device_access, device_access_loop);
    measure("interface-access", interface_access, interface_access_loop);
    measure("acknowledge-end", acknowledge_end, acknowledge_end_loop);
    start_other_core();
    round_trip(1); /* the other core is there when it has answered */
    print("interrupt-between-cores", 2 * ROUND_TRIPS, round_trip(ROUND_TRIPS) - round_trip_loop(ROUND_TRIPS));
    print_done();
    return 0;
}
