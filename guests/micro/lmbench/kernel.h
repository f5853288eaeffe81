/* A kernel of two tasks and three pipes of one byte each: what lmbench's lat_syscall, lat_pipe and lat_ctx ask of one. */
#ifndef KERNEL_H
#define KERNEL_H

#define CALL_NULL 0
#define CALL_WRITE 1
#define CALL_READ 2
#define CALL_EXIT 3

#define PIPE_THERE 0
#define PIPE_BACK 1
#define PIPE_OWN 2

#ifndef __ASSEMBLER__
#include <stdint.h>

/* The user programs in user.S: each gets a count in R0 and exits with the cycles that its loop took. */
void null_call(void);
void null_call_loop(void);
void token(void);
void token_loop(void);
void ping(void);
void pong(void);

/* In entry.S. */
void switch_stacks(uint32_t **from, uint32_t *to);
void task_start(void);

/* From entry.S. */
void system_call(uint32_t argument, uint32_t number);
void interrupt(void);
int main(void);
#endif

#endif
