/* Compression in the manner of LZ77: the longest match by a hash of three bytes, literals and copies, then back again. */
#include "suite.h"

#define INPUT_BYTES 2048
#define HASHES 1024
#define SHORTEST 3
#define LONGEST 66

static uint8_t input[INPUT_BYTES];
static uint8_t packed[2 * INPUT_BYTES];
static uint8_t unpacked[INPUT_BYTES];
static uint16_t heads[HASHES]; /* position + 1 of the last place with that hash */

static void fill(uint32_t seed)
{
    uint32_t state = seed;
    uint32_t at = 0;

    while (at < INPUT_BYTES) {
        uint32_t word = suite_next(&state);
        uint32_t length = 4 + (word >> 28);
        if (at > 256 && (word & 0x00300000u) != 0) {
            uint32_t from = (word >> 8) % (at - 16);
            for (uint32_t i = 0; i < length && at < INPUT_BYTES; i++) {
                input[at++] = input[from + i];
            }
        } else {
            for (uint32_t i = 0; i < length && at < INPUT_BYTES; i++) {
                input[at++] = (uint8_t)(word >> (i % 3 * 8));
            }
        }
    }
}

static uint32_t match_length(uint32_t from, uint32_t at)
{
    uint32_t length = 0;

    while (length < LONGEST && at + length < INPUT_BYTES && input[from + length] == input[at + length]) {
        length++;
    }
    return length;
}

/* Below 0x80 a byte says how many literals follow, else a copy: length - 3 in its low six bits, then the distance in two bytes. */
static uint32_t pack(void)
{
    uint32_t out = 0;
    uint32_t at = 0;
    uint32_t literals = 0; /* where the count of the current literals stands + 1; 0 = none */

    for (uint32_t i = 0; i < HASHES; i++) {
        heads[i] = 0;
    }
    while (at < INPUT_BYTES) {
        uint32_t length = 0;
        uint32_t from = 0;
        if (at + SHORTEST <= INPUT_BYTES) {
            uint32_t key = ((uint32_t)input[at] * 961u + input[at + 1] * 31u + input[at + 2]) % HASHES;
            from = heads[key];
            length = from != 0 ? match_length(from - 1, at) : 0;
            heads[key] = (uint16_t)(at + 1);
        }
        if (length >= SHORTEST) {
            uint32_t distance = at - (from - 1);
            packed[out++] = (uint8_t)(0x80 | (length - SHORTEST));
            packed[out++] = (uint8_t)distance;
            packed[out++] = (uint8_t)(distance >> 8);
            at += length;
            literals = 0;
            continue;
        }
        if (literals == 0 || packed[literals - 1] == 0x7F) {
            packed[out++] = 0;
            literals = out;
        }
        packed[literals - 1]++;
        packed[out++] = input[at++];
    }
    return out;
}

static uint32_t unpack(uint32_t length)
{
    uint32_t at = 0;
    uint32_t in = 0;

    while (in < length) {
        uint32_t head = packed[in++];
        if (head < 0x80) {
            while (head-- != 0) {
                unpacked[at++] = packed[in++];
            }
            continue;
        }
        uint32_t count = (head & 0x3F) + SHORTEST;
        uint32_t distance = packed[in] | (uint32_t)packed[in + 1] << 8;
        in += 2;
        for (; count != 0; count--, at++) {
            unpacked[at] = unpacked[at - distance];
        }
    }
    return at;
}

uint32_t compress_run(uint32_t iterations)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < iterations; i++) {
        fill(i + 8);
        uint32_t length = pack();
        uint32_t restored = unpack(length);
        uint32_t wrong = 0;
        for (uint32_t n = 0; n < restored; n++) {
            wrong += input[n] != unpacked[n];
        }
        sum = suite_mix(suite_mix(suite_mix(sum, length), restored), wrong);
    }
    return sum;
}
