/* The benchmarks: each does a fixed piece of work a number of times and returns a checksum that only the number decides. */
#ifndef SUITE_H
#define SUITE_H

#include <stdint.h>

/* In the style of Geekbench's sections: a program alone. */
uint32_t integer_run(uint32_t iterations);
uint32_t floating_run(uint32_t iterations);
uint32_t memory_copy_run(uint32_t iterations);
uint32_t random_access_run(uint32_t iterations);
uint32_t sort_run(uint32_t iterations);
uint32_t text_run(uint32_t iterations);
uint32_t matrix_run(uint32_t iterations);
uint32_t compress_run(uint32_t iterations);

/* In the style of UnixBench: programs and the system. */
uint32_t null_call_run(uint32_t iterations);
uint32_t pipe_run(uint32_t iterations);
uint32_t context1_run(uint32_t iterations);
uint32_t spawn_run(uint32_t iterations);
uint32_t file_copy_run(uint32_t iterations);

struct benchmark {
    const char *name;
    uint32_t (*run)(uint32_t iterations);
};

#define SUITE_BENCHMARKS 13

extern const struct benchmark suite[SUITE_BENCHMARKS];

/* A word of the checksum; the order of the words counts. */
static inline uint32_t suite_mix(uint32_t sum, uint32_t word)
{
    return ((sum << 5) | (sum >> 27)) ^ word;
}

/* Numbers that look random, the same in every run: the linear congruence of Numerical Recipes. */
static inline uint32_t suite_next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state;
}

#endif
