/* Boots, waits until probes can have been asked for, then runs through everything that a probe can be on and prints what
   came of it. The results do not depend on whether anything is probed. */
#include "console.h"
#include "cp15.h"
#include "guest.h"

enum { START_MICROSECONDS = 2000, END_MICROSECONDS = 6000, RESULTS = 64 };

extern uint32_t breakpoints[4];
extern uint32_t task_sums[2];
uint32_t results[RESULTS];
static uint32_t count;
static uint32_t exclusive_word = 40;

int main(void);
static void shapes(void) __attribute__((noinline));
static void user(void) __attribute__((noinline));
static void overwriting(void) __attribute__((noinline));

static void result(uint32_t value)
{
    results[count++] = value;
}

static void wait_until(uint32_t microseconds)
{
    uint64_t due = (uint64_t)(cp15_read_cntfrq() / 1000000) * microseconds;
    while (cp15_read_cntvct() < due) {
    }
}

static void shapes(void)
{
    for (uint32_t i = 0; i < 3; i++) {
        result(shape_branch(i) + shape_pop_pc(i) + shape_literal(i) + shape_conditional(i * 4));
        result(shape_bl(i) + shape_page_end(i) + shape_exits(i) + shape_tail_caller(i));
        result(shape_recursive(4 + i) + shape_table(i) + shape_interworking(i) + shape_system(i + 1));
        result(shape_exclusive(&exclusive_word));
    }
    result(own_breakpoint());
    result(own_hypercall());
    result(escape(2));
}

static void user(void)
{
    const uint32_t data = USER_FIRST + USER_PAGE;
    uint32_t state = 0;
#ifdef __thumb__
    state = 1;
#endif
    volatile uint32_t *counter = (volatile uint32_t *)data;
    *counter = 0;
    result(user_run(USER_FIRST + state, data));
    *counter = 0;
    result(user_run(USER_SECOND + state, data));
    tables_map_user(USER_FIRST, other_user_code);
    *counter = 0;
    result(user_run(USER_FIRST + state, data));
    tables_unmap_user(USER_FIRST);
    *counter = 0;
    result(user_run(USER_SECOND + state, USER_SECOND + USER_PAGE));
    tables_map_user(USER_FIRST, user_code);
    *counter = 0;
    result(user_run(USER_FIRST + state, data));
    /* The page's last instruction: what follows it, or its own second half, is in a page that is never executed. */
    result(user_run(USER_FIRST + USER_PAGE - 4 + 3 * state, data));
}

/* Writes "mov r0, #immediate" over the first instruction of a function, with and without the maintenance that makes it visible. */
static void overwriting(void)
{
#ifdef __thumb__
    volatile uint16_t *code = (volatile uint16_t *)((uint32_t)patched & ~1u);
    const uint32_t move = 0x2000;
#else
    volatile uint32_t *code = (volatile uint32_t *)(uint32_t)patched;
    const uint32_t move = 0xE3B00000;
#endif
    result(call_patched());
    for (uint32_t i = 2; i < 5; i++) {
        *code = move | i;
        __asm__ volatile(
            "dsb\n\tmcr p15, 0, %0, c7, c5, 1\n\tmcr p15, 0, %1, c7, c5, 6\n\tdsb\n\tisb"     /* ICIMVAU, BPIALL */
            : : "r"(code), "r"(0) : "memory");
        result(call_patched());
    }
}

int main(void)
{
    console_init();
    console_text("ActorTrace probed: boot\n");
    tables_build();
    wait_until(START_MICROSECONDS);
    shapes();
    tasks_run();
    result(task_sums[0]);
    result(task_sums[1]);
    user();
    overwriting();
    wait_until(END_MICROSECONDS);
    result(breakpoints[0]);
    result(breakpoints[1]);
    result(breakpoints[2]);
    result(breakpoints[3]);
    console_text("results");
    for (uint32_t i = 0; i < count; i++) {
        console_text(" ");
        console_hex(results[i]);
    }
    console_text("\nActorTrace probed: done\n");
    for (;;) {
        cpu_wait_for_interrupt();
    }
}
