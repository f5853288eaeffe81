/* Integer arithmetic: CRC-32 of a buffer, primes by sieve, greatest common divisors, bits counted. */
#include "suite.h"

#define BUFFER_BYTES 1024
#define SIEVE_SIZE 2048

static uint8_t buffer[BUFFER_BYTES];
static uint8_t composite[SIEVE_SIZE];

static uint32_t crc32(const uint8_t *bytes, uint32_t length)
{
    uint32_t crc = 0xFFFFFFFFu;

    for (uint32_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1u)));
        }
    }
    return ~crc;
}

static uint32_t primes(void)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < SIEVE_SIZE; i++) {
        composite[i] = 0;
    }
    for (uint32_t i = 2; i < SIEVE_SIZE; i++) {
        if (composite[i] != 0) {
            continue;
        }
        count++;
        for (uint32_t j = i * i; j < SIEVE_SIZE; j += i) {
            composite[j] = 1;
        }
    }
    return count;
}

static uint32_t divisors(uint32_t seed)
{
    uint32_t sum = 0;

    for (uint32_t i = 1; i <= 64; i++) {
        uint32_t a = seed * 2654435761u + i * 40503u;
        uint32_t b = i * 65521u;
        while (b != 0) {
            uint32_t rest = a % b;
            a = b;
            b = rest;
        }
        sum = suite_mix(sum, a);
    }
    return sum;
}

uint32_t integer_run(uint32_t iterations)
{
    uint32_t sum = 0;
    uint32_t state = 3;

    for (uint32_t i = 0; i < BUFFER_BYTES; i++) {
        buffer[i] = (uint8_t)(suite_next(&state) >> 24);
    }
    for (uint32_t i = 0; i < iterations; i++) {
        buffer[i % BUFFER_BYTES] ^= (uint8_t)i;
        sum = suite_mix(sum, crc32(buffer, BUFFER_BYTES));
        sum = suite_mix(sum, primes());
        sum = suite_mix(sum, divisors(i));
    }
    return sum;
}
