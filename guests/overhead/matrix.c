/* Matrices: product in single precision, Gaussian elimination in double precision. */
#include "suite.h"

#define SIZE 24

static float left[SIZE][SIZE];
static float right[SIZE][SIZE];
static float product[SIZE][SIZE];
static double equations[SIZE][SIZE];

static void fill(uint32_t seed)
{
    uint32_t state = seed;

    for (int i = 0; i < SIZE; i++) {
        for (int j = 0; j < SIZE; j++) {
            left[i][j] = (float)(suite_next(&state) >> 20) * 0.0009765625f;
            right[i][j] = (float)(suite_next(&state) >> 20) * 0.0009765625f - 2.0f;
            equations[i][j] = (double)(suite_next(&state) >> 20) + (i == j ? 65536.0 : 0.0);
        }
    }
}

static void multiply(void)
{
    for (int i = 0; i < SIZE; i++) {
        for (int j = 0; j < SIZE; j++) {
            float sum = 0.0f;
            for (int k = 0; k < SIZE; k++) {
                sum += left[i][k] * right[k][j];
            }
            product[i][j] = sum;
        }
    }
}

/* The diagonal outweighs its row, so that no pivot has to be looked for. */
static double determinant(void)
{
    double value = 1.0;

    for (int k = 0; k < SIZE; k++) {
        for (int i = k + 1; i < SIZE; i++) {
            double factor = equations[i][k] / equations[k][k];
            for (int j = k; j < SIZE; j++) {
                equations[i][j] -= factor * equations[k][j];
            }
        }
        value *= equations[k][k] * (1.0 / 65536.0);
    }
    return value;
}

static uint32_t bits_of(double value)
{
    union {
        double value;
        uint32_t words[2];
    } bits = { .value = value };

    return bits.words[0] ^ bits.words[1];
}

uint32_t matrix_run(uint32_t iterations)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < iterations; i++) {
        fill(i + 7);
        multiply();
        sum = suite_mix(sum, bits_of(product[i % SIZE][(i * 5) % SIZE]));
        sum = suite_mix(sum, bits_of(determinant()));
    }
    return sum;
}
