/* Creating a process: a task of its own with a copy of its parent's tables and of the pages that both write. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdint.h>

/* The kernel's part: makes the child, which ends at once, and waits for it. Returns what it ended with. */
uint32_t process_spawn(uint32_t argument);

#endif
