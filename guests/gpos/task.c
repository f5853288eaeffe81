/* The kernel's tasks. init_task is the idle task, which is what runs at power on; it has the first stack. */
#include <stddef.h>
#include "task.h"

struct task_struct init_task = { .stack = task_stacks[0], .prio = 120, .comm = "swapper/0" };

struct task_struct task_pool[MAX_TASKS];

uint8_t task_stacks[MAX_TASKS + 1][TASK_STACK_BYTES] __attribute__((aligned(8)));

_Static_assert(offsetof(struct task_struct, cpu_context) == TASK_CPU_CONTEXT, "__switch_to stores at TASK_CPU_CONTEXT");
_Static_assert(offsetof(struct cpu_context_save, pc) == 36, "__switch_to stores ten registers");
