/* Two tasks that hand over to each other in the middle of a function that both call at the same place. */
#include "guest.h"

enum { STACK_WORDS = 256, ROUNDS = 8 };

static struct task tasks[2] = {
    {.number = 1, .name = "first task"},
    {.number = 2, .name = "second"},
};
static uint32_t second_stack[STACK_WORDS];

struct task *current_task = &tasks[0];
struct task *const task_one = &tasks[0];
struct task *const task_two = &tasks[1];
uint32_t task_sums[2];

void task_enter(void);
static void task_body(const struct task *own) __attribute__((noinline, noclone));

/* Saves the registers of the running task and takes those of the next one. */
__attribute__((naked, noinline)) void task_switch(struct task *next)
{
    (void)next;
    __asm__ volatile(
        "push {r4-r11, lr}\n\t"
        "ldr r1, =current_task\n\t"
        "ldr r2, [r1]\n\t"
        "mov r3, sp\n\t"
        "str r3, [r2]\n\t"
        "str r0, [r1]\n\t"
        "ldr r3, [r0]\n\t"
        "mov sp, r3\n\t"
        "pop {r4-r11, pc}\n\t"
        ".ltorg");
}

/* Calls, hands over to the other task, and comes back when that one does. */
__attribute__((noinline)) uint32_t shared_work(uint32_t value)
{
    task_switch(current_task == task_one ? task_two : task_one);
    return value * 3;
}

/* The second task's last call: nobody hands over to it again. */
__attribute__((noinline)) uint32_t abandoned_work(void)
{
    task_switch(task_one);
    return 0;
}

static void task_body(const struct task *own)
{
    for (uint32_t i = 0; i < ROUNDS; i++) {
        task_sums[own->number - 1] += shared_work(own->number + i);
    }
}

void task_enter(void)
{
    task_body(task_two);
    (void)abandoned_work();
    for (;;) {
    }
}

void tasks_run(void)
{
    uint32_t *top = &second_stack[STACK_WORDS - 9];
    top[8] = (uint32_t)task_enter;
    tasks[1].stack = top;
    task_body(task_one);
    task_switch(task_two);
}
