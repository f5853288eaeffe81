/* The task control block, with Linux' names. Usable from C and assembly. */
#ifndef TASK_H
#define TASK_H

#define MAX_TASKS 511 /* besides the idle task */
#define TASK_STACK_BYTES 512

/* Offset of cpu_context in struct task_struct; task.c checks it. */
#define TASK_CPU_CONTEXT 16

#ifndef __ASSEMBLER__
#include <stdint.h>

#define TASK_COMM_LEN 16

/* What a function must keep (AAPCS), in the order in which __switch_to stores it. */
struct cpu_context_save {
    uint32_t r4;
    uint32_t r5;
    uint32_t r6;
    uint32_t r7;
    uint32_t r8;
    uint32_t r9;
    uint32_t sl;
    uint32_t fp;
    uint32_t sp;
    uint32_t pc;
};

struct task_struct {
    unsigned int __state; /* 0 running or runnable, 1 sleeping, 2 sleeping uninterruptibly */
    void *stack;
    int prio; /* 0..99 real time, 100..139 normal; the smaller the more urgent */
    int pid;  /* 0 = the idle task */
    struct cpu_context_save cpu_context;
    char comm[TASK_COMM_LEN];
} __attribute__((aligned(16)));

extern struct task_struct init_task;
extern struct task_struct task_pool[MAX_TASKS];
extern uint8_t task_stacks[MAX_TASKS + 1][TASK_STACK_BYTES];
#endif

#endif
