#include "burn.h"

#include "cp15.h"
#include "divide.h"

#define FIRST_ITERATIONS 4096u
#define SHORTEST_MILLISECONDS 4u
#define GRAIN 16u

/* Doubles the loop until it lasts long enough that the two counter reads do not matter. The result is rounded to a
   grain: a few instructions more or less between the reads do not change it. */
uint32_t burn_calibrate(void)
{
    uint32_t per_millisecond = cp15_read_cntfrq() / 1000;
    uint32_t iterations = FIRST_ITERATIONS;

    for (;;) {
        uint64_t start = cp15_read_cntvct();
        burn(iterations);
        uint32_t elapsed = (uint32_t)(cp15_read_cntvct() - start);

        if (elapsed >= SHORTEST_MILLISECONDS * per_millisecond) {
            uint32_t remainder;
            uint64_t rate = divide_u64((uint64_t)iterations * per_millisecond, elapsed, &remainder);
            uint32_t rounded = ((uint32_t)rate + GRAIN / 2) & ~(GRAIN - 1);
            return rounded > 0 ? rounded : GRAIN;
        }
        iterations *= 2;
    }
}
