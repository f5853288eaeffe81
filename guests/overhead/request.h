/* What is to be run, and what came of it: the words that the experiment writes into the image and reads from memory. */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdint.h>

/* Paths are lengths in cycles of what a whole operating system takes for an operation. The guest's own code for it is
   shorter and is filled up with a counted loop; 0 leaves it bare. */
struct request {
    uint32_t benchmark; /* index in `suite` */
    uint32_t iterations;
    uint32_t null_call_path; /* a system call that does nothing, there and back */
    uint32_t pipe_path;      /* one write to a pipe and the read of it, without a switch */
    uint32_t switch_path;    /* one switch from task to task */
};

struct result {
    uint32_t done; /* 1 at the end */
    uint32_t cycles;
    uint32_t switches; /* context switches meanwhile, by the kernel's own count */
    uint32_t checksum;
};

extern volatile struct request request;
extern volatile struct result result;

#endif
