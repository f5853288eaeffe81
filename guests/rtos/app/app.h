/* The workload: four periodic tasks of 1, 2, 4 and 8 ms and their supervisor. */
#ifndef APP_H
#define APP_H

#include <stdint.h>

/* Rounds each task works; 0 = for ever. A symbol in .data, so that it can be changed in the image. */
extern volatile uint32_t app_rounds;

/* Creates the supervisor, which creates the rest. The kernel is initialised and does not run yet. */
void app_create(uint32_t iterations_per_millisecond);

#endif
