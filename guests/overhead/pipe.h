/* Pipes: messages in a ring of bytes, a semaphore for those who wait to read. */
#ifndef PIPE_H
#define PIPE_H

#include <stdint.h>

#include "os.h"

#define PIPE_BYTES 4096

struct pipe {
    OS_EVENT *filled; /* counts what was written and not read yet */
    uint32_t written;
    uint32_t read;
    uint8_t bytes[PIPE_BYTES] __attribute__((aligned(8)));
};

void pipe_open(struct pipe *pipe);

/* Both are the kernel's part of a system call. Messages are a multiple of 4 bytes that divides PIPE_BYTES, all of one
   length; who writes ahead more than the pipe holds overwrites. Returns the length. */
uint32_t pipe_write(struct pipe *pipe, const uint8_t *bytes, uint32_t length);
uint32_t pipe_read(struct pipe *pipe, uint8_t *bytes, uint32_t length);

#endif
