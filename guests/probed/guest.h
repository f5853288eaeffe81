/* What the parts of the guest share. */
#ifndef GUEST_H
#define GUEST_H

#include <stdint.h>

/* Where the page of user code is mapped: twice. Behind it, in both, a page of user data. */
#define USER_FIRST 0x50000000u
#define USER_SECOND 0x60000000u
#define USER_PAGE 0x1000u

struct task {
    uint32_t *stack;
    uint32_t number;
    char name[16];
};

extern struct task *current_task;
extern struct task *const task_one;
extern struct task *const task_two;

/* tasks.c: a second thread of control; each step of one hands over to the other. */
void tasks_run(void);
void task_switch(struct task *next);
uint32_t shared_work(uint32_t value);
uint32_t abandoned_work(void);

/* tables.c */
void tables_build(void);
void tables_map_user(uint32_t first, const void *code);
void tables_unmap_user(uint32_t first);

/* shapes.S: one function for each shape of an instruction or exit that a probe may be on. */
uint32_t shape_branch(uint32_t value);
uint32_t shape_pop_pc(uint32_t value);
uint32_t shape_literal(uint32_t value);
uint32_t shape_conditional(uint32_t value);
uint32_t shape_bl(uint32_t value);
uint32_t shape_page_end(uint32_t value);
uint32_t shape_exclusive(uint32_t *word);
uint32_t shape_exits(uint32_t value);
uint32_t shape_tail_caller(uint32_t value);
uint32_t shape_recursive(uint32_t depth);
uint32_t shape_table(uint32_t value);
uint32_t shape_interworking(uint32_t value);
uint32_t shape_system(uint32_t value);
uint32_t own_breakpoint(void);
uint32_t own_hypercall(void);
uint32_t escape(uint32_t depth);
void patched(void);
uint32_t call_patched(void);

/* user.S: runs at PL0 from an address, with the data page behind it; what it leaves in r0. */
uint32_t user_run(uint32_t entry, uint32_t data);
extern char user_code[], other_user_code[];

#endif
