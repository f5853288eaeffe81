/* Two cores hand an SGI to and fro, each asleep in WFI until the other's comes. The cores share nothing but the
   distributor: the image works as one guest of two cores and as two guests of one core each.
   Interrupts stay masked: WFI wakes for a pending one all the same, and the CPU interface is polled then. */
#include "console.h"
#include "cp15.h"
#include "gic.h"

#define PING_SGI 1
#define PONG_SGI 2
#define SGI_TARGET_SHIFT 16

/* Round trips; a symbol in .data, so that it can be changed in the image. */
volatile uint32_t pingpong_rounds = 1000;

int main(void);
void start_other_core(void);

static void send(uint32_t core, uint32_t sgi)
{
    mmio_write32(GICD_SGIR, (1u << (SGI_TARGET_SHIFT + core)) | sgi);
}

static void await(uint32_t sgi)
{
    for (;;) {
        uint32_t iar = gic_acknowledge();
        uint32_t id = iar & GICC_IAR_ID_MASK;

        if (id == PLATFORM_IRQ_SPURIOUS) {
            cpu_wait_for_interrupt();
            continue;
        }
        gic_end(iar);
        if (id == sgi) {
            return;
        }
    }
}

static void ping(void)
{
    uint32_t rounds = pingpong_rounds;

    console_init();
    console_text("ActorTrace ping-pong: core 0 starts\n");
    start_other_core();
    for (uint32_t round = 0; round < rounds; round++) {
        send(1, PING_SGI);
        await(PONG_SGI);
    }
    uint64_t counter = cp15_read_cntvct();
    console_text("ActorTrace ping-pong: done rounds=");
    console_decimal(rounds);
    console_text(" counter=");
    console_decimal(counter);
    console_text("\n");
}

int main(void)
{
    uint32_t core = cp15_read_mpidr() & 3;

    gic_init();
    gic_enable_private(PING_SGI, 0x80);
    gic_enable_private(PONG_SGI, 0x80);
    if (core == 0) {
        ping();
        return 0;
    }
    for (;;) {
        await(PING_SGI);
        send(0, PONG_SGI);
    }
}
