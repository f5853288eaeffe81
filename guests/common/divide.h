/* 64-bit by 32-bit division; the guests are linked without a compiler library. */
#ifndef DIVIDE_H
#define DIVIDE_H

#include <stdint.h>

/* Quotient of dividend and divisor (not 0); the remainder goes to *remainder. */
uint64_t divide_u64(uint64_t dividend, uint32_t divisor, uint32_t *remainder);

#endif
