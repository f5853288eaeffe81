/* The ground truth: the guest's own record of every context switch and of every task made ready. */
#ifndef TRUTH_H
#define TRUTH_H

#include <stdint.h>

#define TRUTH_SWITCH 1
#define TRUTH_READY 2
#define TRUTH_RING_ENTRIES 65536

struct truth_entry {
    uint64_t counter; /* CNTVCT */
    uint8_t kind;     /* TRUTH_SWITCH: from leaves, to runs next; TRUTH_READY: to was made ready while from ran */
    uint8_t from;     /* task priority */
    uint8_t to;       /* task priority */
    uint8_t reserved;
    uint32_t seq; /* index since the start, not reduced */
};

_Static_assert(sizeof(struct truth_entry) == 16, "truth_switch.S writes entries of 16 bytes");

/* Entry n stands at index n modulo TRUTH_RING_ENTRIES. */
extern struct truth_entry truth_ring[TRUTH_RING_ENTRIES];

/* Entries written since the start, of both kinds and of each. */
extern volatile uint32_t truth_count;
extern volatile uint32_t truth_switches;
extern volatile uint32_t truth_readies;

/* Interrupts are masked. */
void truth_ready(uint8_t from, uint8_t to);

#endif
