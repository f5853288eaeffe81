#include "app.h"

#include "burn.h"
#include "console.h"
#include "cp15.h"
#include "os.h"
#include "tick.h"
#include "truth.h"

#define APP_PERIOD_TICKS 20
#define APP_FIRST_ROUND_TICK 10
#define APP_SUPERVISOR_PRIO 10
#define APP_SUPERVISOR_PATIENCE_TICKS 250
#define APP_STACK_WORDS 512
#define APP_TASKS 4

struct app_task {
    const char *name;
    uint8_t prio;
    uint8_t milliseconds;
};

static const struct app_task app_tasks[APP_TASKS] = {
    { "RTOS-Task1", 4, 1 },
    { "RTOS-Task2", 5, 2 },
    { "RTOS-Task3", 6, 4 },
    { "RTOS-Task4", 7, 8 },
};

volatile uint32_t app_rounds = 95;
/* Times the supervisor looked and the work was not done yet. */
volatile uint32_t app_supervisor_looks;

static OS_STK app_stacks[APP_TASKS][APP_STACK_WORDS] __attribute__((aligned(8)));
static OS_STK app_supervisor_stack[APP_STACK_WORDS] __attribute__((aligned(8)));
static uint32_t app_iterations_per_millisecond;
static OS_EVENT *app_done;   /* posted by the last task after its last round */
static OS_EVENT *app_parked; /* never posted: where finished tasks stay */

static void app_park(void)
{
    for (;;) {
        uint8_t error;
        OSSemPend(app_parked, 0, &error);
    }
}

#ifdef __ARM_FP
/* What each task's first round computed, and the rounds that computed something else: registers were lost. */
static uint64_t app_computed[APP_TASKS];
static uint32_t app_changed[APP_TASKS];

static void app_work(const struct app_task *self, uint32_t iterations, uint32_t round)
{
    uint32_t index = (uint32_t)(self - app_tasks);
    uint64_t bits = burn_float(iterations);

    if (round == 0) {
        app_computed[index] = bits;
    } else if (bits != app_computed[index]) {
        app_changed[index]++;
    }
}

static void app_print_computed(void)
{
    for (int i = 0; i < APP_TASKS; i++) {
        console_text("ActorTrace RTOS: task ");
        console_text(app_tasks[i].name);
        console_text(" computed ");
        console_hex((uint32_t)(app_computed[i] >> 32));
        console_text(" ");
        console_hex((uint32_t)app_computed[i]);
        console_text(" changed ");
        console_decimal(app_changed[i]);
        console_text(" times\n");
    }
}
#else
static void app_work(const struct app_task *self, uint32_t iterations, uint32_t round)
{
    (void)self;
    (void)round;
    burn(iterations);
}

static void app_print_computed(void)
{
}
#endif

/* One round a period; the start of each is fixed from the first, however long the work takes. */
static void app_task(void *argument)
{
    const struct app_task *self = argument;
    uint32_t iterations = self->milliseconds * app_iterations_per_millisecond;
    uint32_t rounds = app_rounds;
    uint32_t start = APP_FIRST_ROUND_TICK;

    for (uint32_t round = 0; rounds == 0 || round < rounds; round++) {
        int32_t ticks = (int32_t)(start - OSTimeGet());
        if (ticks > 0) {
            OSTimeDly((uint32_t)ticks);
        }
        app_work(self, iterations, round);
        start += APP_PERIOD_TICKS;
    }
    if (self == &app_tasks[APP_TASKS - 1]) {
        OSSemPost(app_done);
    }
    app_park();
}

static void app_describe(const struct app_task *task)
{
    console_text("ActorTrace RTOS: task ");
    console_text(task->name);
    console_text(" priority ");
    console_decimal(task->prio);
    console_text(" period ");
    console_decimal(APP_PERIOD_TICKS * 1000 / OS_TICKS_PER_SEC);
    console_text(" ms work ");
    console_decimal(task->milliseconds);
    console_text(" ms\n");
}

/* The counter is read right before the line's first byte is sent: the line says when it was begun. */
static void app_print_end_mark(void)
{
    uint32_t switches = truth_switches;
    uint32_t readies = truth_readies;
    uint64_t counter = cp15_read_cntvct();

    console_text("ActorTrace RTOS: done rounds=");
    console_decimal(app_rounds);
    console_text(" switches=");
    console_decimal(switches);
    console_text(" ready=");
    console_decimal(readies);
    console_text(" counter=");
    console_decimal(counter);
    console_text("\n");
}

static void app_supervisor(void *argument)
{
    uint8_t error;

    (void)argument;
    OSSchedLock();
    for (int i = 0; i < APP_TASKS; i++) {
        OSTaskCreate(app_task, (void *)&app_tasks[i], app_stacks[i], APP_STACK_WORDS, app_tasks[i].prio);
        OSTaskNameSet(app_tasks[i].prio, app_tasks[i].name);
    }
    OSSchedUnlock();
    tick_start();

    OSSemPend(app_done, APP_SUPERVISOR_PATIENCE_TICKS, &error);
    while (error == OS_ERR_TIMEOUT) {
        app_supervisor_looks++;
        OSSemPend(app_done, APP_SUPERVISOR_PATIENCE_TICKS, &error);
    }
    app_print_computed();
    app_print_end_mark();
    app_park();
}

void app_create(uint32_t iterations_per_millisecond)
{
    app_iterations_per_millisecond = iterations_per_millisecond;
    app_done = OSSemCreate(0);
    app_parked = OSSemCreate(0);
    for (int i = 0; i < APP_TASKS; i++) {
        app_describe(&app_tasks[i]);
    }
    OSTaskCreate(app_supervisor, 0, app_supervisor_stack, APP_STACK_WORDS, APP_SUPERVISOR_PRIO);
    OSTaskNameSet(APP_SUPERVISOR_PRIO, "RTOS-Super");
}
