#include "truth.h"

#include "cp15.h"

struct truth_entry truth_ring[TRUTH_RING_ENTRIES] __attribute__((aligned(16)));
volatile uint32_t truth_count;
volatile uint32_t truth_switches;
volatile uint32_t truth_readies;

void truth_ready(uint8_t from, uint8_t to)
{
    uint64_t counter = cp15_read_cntvct();
    uint32_t seq = truth_count;

    truth_ring[seq % TRUTH_RING_ENTRIES] = (struct truth_entry){
        .counter = counter,
        .kind = TRUTH_READY,
        .from = from,
        .to = to,
        .seq = seq,
    };
    truth_count = seq + 1;
    truth_readies++;
}
