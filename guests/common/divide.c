#include "divide.h"

/* Schoolbook binary division: the top bits that are zero anyway are skipped, then one quotient bit a step. */
uint64_t divide_u64(uint64_t dividend, uint32_t divisor, uint32_t *remainder)
{
    uint64_t quotient = 0;
    uint64_t rest = 0;
    int bit = (dividend >> 32) != 0 ? 63 : 31;

    for (; bit >= 0; bit--) {
        rest = (rest << 1) | ((dividend >> bit) & 1);
        quotient <<= 1;
        if (rest >= divisor) {
            rest -= divisor;
            quotient |= 1;
        }
    }
    *remainder = (uint32_t)rest;
    return quotient;
}
