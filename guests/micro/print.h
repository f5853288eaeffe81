/* What the tool reads: a line each measurement, how often the operation was done and what that took. */
#ifndef PRINT_H
#define PRINT_H

#include <stdint.h>

void print(const char *name, uint32_t operations, uint32_t cycles);
void print_done(void);

#endif
