/* Memory: copying, and chasing pointers that lead everywhere. */
#include "copy.h"
#include "suite.h"

#define COPY_BYTES 16384
#define PLACES 16384
#define CHASE_STEPS 2048

static uint8_t copy_from[COPY_BYTES] __attribute__((aligned(8)));
static uint8_t copy_to[COPY_BYTES] __attribute__((aligned(8)));
static uint32_t places[PLACES];

__attribute__((noinline)) void copy_words(void *to, const void *from, uint32_t bytes)
{
    uint32_t *target = to;
    const uint32_t *source = from;

    for (; bytes >= 32; bytes -= 32) {
        __asm__ volatile("ldmia %0!, {r2-r9}\n\tstmia %1!, {r2-r9}"
            : "+r"(source), "+r"(target) : : "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "memory");
    }
    for (; bytes != 0; bytes -= 4) {
        *target++ = *source++;
    }
}

uint32_t memory_copy_run(uint32_t iterations)
{
    uint32_t sum = 0;
    uint32_t state = 4;

    for (uint32_t i = 0; i < COPY_BYTES; i++) {
        copy_from[i] = (uint8_t)(suite_next(&state) >> 24);
    }
    for (uint32_t i = 0; i < iterations; i++) {
        copy_from[(i * 97) % COPY_BYTES] += (uint8_t)i;
        copy_words(copy_to, copy_from, COPY_BYTES);
        sum = suite_mix(sum, copy_to[(i * 31) % COPY_BYTES]);
    }
    return sum;
}

/* One cycle through all places: the congruence has full period modulo a power of two. */
uint32_t random_access_run(uint32_t iterations)
{
    uint32_t at = 0;
    uint32_t sum = 0;

    for (uint32_t i = 0; i < PLACES; i++) {
        places[i] = (i * 1664525u + 1013904223u) % PLACES;
    }
    for (uint32_t i = 0; i < iterations; i++) {
        for (uint32_t step = 0; step < CHASE_STEPS; step++) {
            at = places[at];
            sum += at;
        }
        sum = suite_mix(sum, at);
    }
    return sum;
}
