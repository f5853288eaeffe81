#include "runner.h"

#include "console.h"
#include "cp15.h"
#include "cycles.h"
#include "os.h"
#include "request.h"
#include "spend.h"
#include "suite.h"
#include "tick.h"
#include "truth.h"

#define RUNNER_PRIO 20
#define HOUSE_PRIO 5
#define STACK_WORDS 1024

/* The runner sleeps until this tick: what was done to the guest before has no part in what follows. */
#define START_TICK 100

/* A task that wakes up now and then, as some task of every system does. */
#define HOUSE_PERIOD_TICKS 10
#define HOUSE_CYCLES 20000

volatile struct request request = { 0, 1, 0, 0, 0 };
volatile struct result result;

static OS_STK runner_stack[STACK_WORDS] __attribute__((aligned(8)));
static OS_STK house_stack[STACK_WORDS] __attribute__((aligned(8)));

static void runner_print(const char *name)
{
    console_text("ActorTrace overhead: benchmark ");
    console_text(name);
    console_text(" iterations ");
    console_decimal(request.iterations);
    console_text(" checksum ");
    console_hex(result.checksum);
    console_text("\nActorTrace overhead: cycles ");
    console_decimal(result.cycles);
    console_text(" switches ");
    console_decimal(result.switches);
    console_text("\nActorTrace overhead: done\n");
}

static void runner_task(void *argument)
{
    const struct benchmark *chosen = &suite[request.benchmark % SUITE_BENCHMARKS];

    (void)argument;
    tick_start();
    OSTimeDly(START_TICK);
    cycles_start();
    uint32_t switches = truth_switches;
    uint32_t start = cycles_now();
    uint32_t checksum = chosen->run(request.iterations);
    uint32_t end = cycles_now();
    result.switches = truth_switches - switches;
    result.cycles = end - start;
    result.checksum = checksum;
    runner_print(chosen->name);
    result.done = 1;
    for (;;) {
        OSTimeDly(UINT32_MAX);
    }
}

static void house_task(void *argument)
{
    (void)argument;
    OSTimeDly(START_TICK + HOUSE_PERIOD_TICKS / 2);
    for (;;) {
        spend(HOUSE_CYCLES);
        OSTimeDly(HOUSE_PERIOD_TICKS);
    }
}

void runner_create(void)
{
    OSTaskCreate(house_task, 0, house_stack, STACK_WORDS, HOUSE_PRIO);
    OSTaskNameSet(HOUSE_PRIO, "House");
    OSTaskCreate(runner_task, 0, runner_stack, STACK_WORDS, RUNNER_PRIO);
    OSTaskNameSet(RUNNER_PRIO, "Benchmark");
}
