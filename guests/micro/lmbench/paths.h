/* How long the kernel's paths are, in cycles: inputs, not results. They are chosen so that without a hypervisor the benchmarks
   take what lmbench took natively on the Arndale board at 1.7 GHz, one instruction a cycle: null call 0.33 us, pipe 11.9 us,
   context switch 2.40 us on one core; pipe 24.6 us and context switch 5.98 us on two. What a virtual machine takes more is
   measured. A path is a loop that a kernel function runs beside its own instructions. */
#ifndef PATHS_H
#define PATHS_H

#include <stdint.h>

#define NULL_PATH 526
#define WRITE_PATH 2980
#define READ_PATH 2980
#define SWITCH_PATH 4050
#define HOP_PATH_SWITCH 8882
#define HOP_PATH_PIPE 19626

/* Ticks a second of the kernel. */
#define HZ 200

static inline void path(uint32_t cycles)
{
    __asm__ volatile("1:\tsubs %0, %0, #2\n\tbhi 1b" : "+r"(cycles) : : "cc");
}

#endif
