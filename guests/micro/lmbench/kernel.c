/* The kernel, and the benchmarks one after the other. */
#include "kernel.h"

#include "clock.h"
#include "console.h"
#include "counter.h"
#include "cp15.h"
#include "gic.h"
#include "paths.h"
#include "print.h"

#define NULL_CALLS 32000
#define CALLS 4000
#define STACK_WORDS 256
#define SAVED_WORDS 9 /* R4-R11 and the return address, see switch_stacks */

struct task {
    uint32_t *sp;
    uint32_t stack[STACK_WORDS] __attribute__((aligned(8)));
};

struct pipe {
    volatile uint32_t full;
    struct task *reader; /* waits for a byte */
};

static struct task tasks[2];
static struct pipe pipes[3];
static struct task *current;
static uint32_t *main_sp;
static uint32_t result;
static uint64_t run_queue_clock;
static uint64_t deadline;
static uint32_t period;

/* The scheduler looks at the clock whenever a task joins its queue or leaves it. */
static void update_clock(void)
{
    run_queue_clock = clock_read();
}

/* The present task waits for the other one, which is ready then. */
static void block(void)
{
    struct task *before = current;

    update_clock();
    path(SWITCH_PATH);
    current = &tasks[before == tasks ? 1 : 0];
    switch_stacks(&before->sp, current->sp);
}

static void pipe_write(struct pipe *pipe)
{
    path(WRITE_PATH);
    pipe->full = 1;
    if (pipe->reader != 0) {
        update_clock();
        pipe->reader = 0;
    }
}

static void pipe_read(struct pipe *pipe)
{
    path(READ_PATH);
    while (pipe->full == 0) {
        pipe->reader = current;
        block();
    }
    pipe->full = 0;
}

void system_call(uint32_t argument, uint32_t number)
{
    switch (number) {
    case CALL_NULL:
        path(NULL_PATH);
        break;
    case CALL_WRITE:
        pipe_write(&pipes[argument]);
        break;
    case CALL_READ:
        pipe_read(&pipes[argument]);
        break;
    default:
        result = argument;
        switch_stacks(&current->sp, main_sp);
    }
}

void interrupt(void)
{
    uint32_t iar = gic_acknowledge();

    if ((iar & GICC_IAR_ID_MASK) == PLATFORM_IRQ_SPURIOUS) {
        return;
    }
    deadline += period;
    clock_compare(deadline);
    gic_end(iar);
}

static void tick_start(void)
{
    period = cp15_read_cntfrq() / HZ;
    deadline = clock_read() + period;
    clock_compare(deadline);
    clock_control(CNTV_CTL_ENABLE);
    gic_enable_private(TICK_INTERRUPT, 0x80);
}

static void task_create(struct task *task, void (*program)(void), uint32_t count)
{
    uint32_t *sp = task->stack + STACK_WORDS - SAVED_WORDS - 1; /* one more, to end on a multiple of 8 bytes */

    sp[0] = (uint32_t)program;
    sp[1] = count;
    sp[SAVED_WORDS - 1] = (uint32_t)task_start;
    task->sp = sp;
}

/* Runs a program until it exits, with pong as the other task; returns the cycles that its loop took. */
static uint32_t run(void (*program)(void), uint32_t count)
{
    for (uint32_t i = 0; i < sizeof pipes / sizeof pipes[0]; i++) {
        pipes[i].full = 0;
        pipes[i].reader = 0;
    }
    task_create(&tasks[0], program, count);
    task_create(&tasks[1], pong, 0);
    current = &tasks[0];
    switch_stacks(&main_sp, current->sp);
    return result;
}

int main(void)
{
    gic_init();
    counter_start();
    console_init();
    tick_start();
    uint32_t null_calls = run(null_call, NULL_CALLS) - run(null_call_loop, NULL_CALLS);
    uint32_t around = run(token_loop, CALLS);
    uint32_t tokens = run(token, CALLS) - around;
    uint32_t round_trips = run(ping, CALLS) - around;
    clock_control(0);
    print("null-call", NULL_CALLS, null_calls);
    print("token", CALLS, tokens);
    print("hop", 2 * CALLS, round_trips);
    print("round-trip", CALLS, round_trips);
    print_done();
    return 0;
}
