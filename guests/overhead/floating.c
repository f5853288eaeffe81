/* Floating point (VFPv4): a step of a system of bodies in double precision, a Mandelbrot row in single precision. */
#include "suite.h"

#define BODIES 8
#define ROW 32
#define LIMIT 48

struct body {
    double x, y, z, vx, vy, vz, mass;
};

static struct body bodies[BODIES];

static double square_root(double value)
{
    double root;

    __asm__("vsqrt.f64 %P0, %P1" : "=w"(root) : "w"(value));
    return root;
}

static void advance(double step)
{
    for (int i = 0; i < BODIES; i++) {
        struct body *a = &bodies[i];
        for (int j = i + 1; j < BODIES; j++) {
            struct body *b = &bodies[j];
            double dx = a->x - b->x;
            double dy = a->y - b->y;
            double dz = a->z - b->z;
            double square = dx * dx + dy * dy + dz * dz + 0.01;
            double force = step / (square * square_root(square));
            a->vx -= dx * b->mass * force;
            a->vy -= dy * b->mass * force;
            a->vz -= dz * b->mass * force;
            b->vx += dx * a->mass * force;
            b->vy += dy * a->mass * force;
            b->vz += dz * a->mass * force;
        }
    }
    for (int i = 0; i < BODIES; i++) {
        bodies[i].x += step * bodies[i].vx;
        bodies[i].y += step * bodies[i].vy;
        bodies[i].z += step * bodies[i].vz;
    }
}

static uint32_t mandelbrot(float imaginary)
{
    uint32_t sum = 0;

    for (int column = 0; column < ROW; column++) {
        float real = -2.0f + (float)column * (3.0f / ROW);
        float x = 0.0f;
        float y = 0.0f;
        uint32_t steps = 0;
        while (steps < LIMIT && x * x + y * y < 4.0f) {
            float next = x * x - y * y + real;
            y = 2.0f * x * y + imaginary;
            x = next;
            steps++;
        }
        sum = suite_mix(sum, steps);
    }
    return sum;
}

static uint32_t bits_of(double value)
{
    union {
        double value;
        uint32_t words[2];
    } bits = { .value = value };

    return bits.words[0] ^ bits.words[1];
}

uint32_t floating_run(uint32_t iterations)
{
    uint32_t sum = 0;

    for (int i = 0; i < BODIES; i++) {
        bodies[i] = (struct body){ i * 1.25 - 4.0, i * i * 0.125, 3.0 - i * 0.5, 0.0, i * 0.0625, 0.0, 1.0 + i * 0.25 };
    }
    for (uint32_t i = 0; i < iterations; i++) {
        for (int step = 0; step < 4; step++) {
            advance(0.001);
        }
        sum = suite_mix(sum, bits_of(bodies[i % BODIES].x));
        sum = suite_mix(sum, mandelbrot((float)(i % 64) * 0.03125f - 1.0f));
    }
    return sum;
}
