/* Sorting: quicksort with insertion sort for short stretches. */
#include "suite.h"

#define NUMBERS 1024
#define SHORT 12

static uint32_t numbers[NUMBERS];

static void insert(uint32_t *first, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        uint32_t value = first[i];
        uint32_t j = i;
        for (; j > 0 && first[j - 1] > value; j--) {
            first[j] = first[j - 1];
        }
        first[j] = value;
    }
}

static void quicksort(uint32_t *first, uint32_t count)
{
    while (count > SHORT) {
        uint32_t pivot = first[count / 2];
        uint32_t i = 0;
        uint32_t j = count - 1;
        for (;;) {
            while (first[i] < pivot) {
                i++;
            }
            while (first[j] > pivot) {
                j--;
            }
            if (i >= j) {
                break;
            }
            uint32_t swapped = first[i];
            first[i++] = first[j];
            first[j--] = swapped;
        }
        quicksort(first, j + 1);
        first += j + 1;
        count -= j + 1;
    }
    insert(first, count);
}

uint32_t sort_run(uint32_t iterations)
{
    uint32_t sum = 0;
    uint32_t state = 5;

    for (uint32_t i = 0; i < iterations; i++) {
        for (uint32_t n = 0; n < NUMBERS; n++) {
            numbers[n] = suite_next(&state) >> 8;
        }
        quicksort(numbers, NUMBERS);
        for (uint32_t n = 1; n < NUMBERS; n++) {
            sum += numbers[n - 1] <= numbers[n];
        }
        sum = suite_mix(sum, numbers[i % NUMBERS]);
    }
    return sum;
}
