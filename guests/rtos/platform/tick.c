/* Absolute deadlines: a late tick shortens the next period and the ticks' phase never drifts. Where the counter's
   frequency is no multiple of the tick rate the remainder is carried along. */
#include "tick.h"

#include "cp15.h"
#include "gic.h"
#include "interrupts.h"
#include "os.h"

#define TICK_PRIORITY 0x80

static uint64_t tick_deadline;
static uint32_t tick_period;
static uint32_t tick_remainder;
static uint32_t tick_carry;

static void tick_advance(void)
{
    tick_deadline += tick_period;
    tick_carry += tick_remainder;
    if (tick_carry >= OS_TICKS_PER_SEC) {
        tick_carry -= OS_TICKS_PER_SEC;
        tick_deadline++;
    }
    cp15_write_cntv_cval(tick_deadline);
}

void tick_start(void)
{
    uint32_t frequency = cp15_read_cntfrq();

    tick_period = frequency / OS_TICKS_PER_SEC;
    tick_remainder = frequency % OS_TICKS_PER_SEC;
    tick_deadline = cp15_read_cntvct();
    tick_advance();
    cp15_write_cntv_ctl(CNTV_CTL_ENABLE);
    gic_enable_private(PLATFORM_IRQ_VIRTUAL_TIMER, TICK_PRIORITY);
}

/* Deadlines that passed meanwhile keep the interrupt asserted: each gives its own tick. */
static void tick_interrupt(void)
{
    tick_advance();
    OSTimeTick();
}

void interrupt_dispatch(void)
{
    uint32_t iar = gic_acknowledge();
    uint32_t id = iar & GICC_IAR_ID_MASK;

    if (id >= 1020) {
        return; /* spurious: nothing was acknowledged */
    }
    if (id == PLATFORM_IRQ_VIRTUAL_TIMER) {
        tick_interrupt();
    }
    gic_end(iar);
}
