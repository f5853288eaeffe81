#include "burn.h"

/* Single and double precision, each kind of arithmetic, all of it in registers for as long as the loop runs: what a
   context switch loses changes the result. */
uint64_t burn_float(uint32_t iterations)
{
    double sum = iterations;
    double quotient = 1.0;
    float single = 0.5f;

    for (; iterations != 0; iterations--) {
        sum = sum * 0.75 + quotient;
        quotient = quotient / 1.0009765625 + 0.25;
        single = (float)sum - single * 0.125f;
        sum -= (double)single * 0.001;
    }
    sum += quotient;
    return ((union { double value; uint64_t bits; }){ .value = sum }).bits;
}

void burn(uint32_t iterations)
{
    uint64_t bits = burn_float(iterations);

    __asm__ volatile("" : : "r"(bits)); /* wanted: the compiler must not leave the work out */
}
