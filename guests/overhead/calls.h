/* System calls: SVC with the number in R0, its arguments in R1 to R3, as tasks in SVC mode make them. */
#ifndef CALLS_H
#define CALLS_H

#include <stdint.h>

enum {
    CALL_NULL,
    CALL_WRITE, /* pipe, bytes, length */
    CALL_READ,  /* pipe, bytes, length */
    CALL_SPAWN, /* a child that ends at once; waits for it */
    CALL_FILE_READ, /* block, bytes */
    CALL_FILE_WRITE, /* block, bytes */
};

/* call.S */
uint32_t call(uint32_t number, uint32_t a, uint32_t b, uint32_t c);
extern const uint32_t call_vectors[8];

/* calls.c */
uint32_t call_dispatch(uint32_t number, uint32_t a, uint32_t b, uint32_t c);

/* Puts the vector of SVC in place. */
void calls_init(void);

#endif
