/* Copying by words, eight at a time where there are so many: as a C library does it. */
#ifndef COPY_H
#define COPY_H

#include <stdint.h>

/* memory.c; both aligned to 4 bytes, the length is a multiple of 4. */
void copy_words(void *to, const void *from, uint32_t bytes);

#endif
