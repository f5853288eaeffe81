/* From the start code to the running kernel. */
#include "app.h"
#include "burn.h"
#include "console.h"
#include "cp15.h"
#include "gic.h"
#include "os.h"

#if defined(RTOS_LONG_DESCRIPTORS)
#define MMU_STATE "on, long descriptors"
#elif defined(RTOS_MMU)
#define MMU_STATE "on"
#else
#define MMU_STATE "off"
#endif

int main(void);

int main(void)
{
    console_init();
    console_text("ActorTrace RTOS: 64 priorities, 1000 ticks/s, MMU " MMU_STATE "\n");

    uint32_t iterations = burn_calibrate();
    console_text("ActorTrace RTOS: CNTFRQ ");
    console_decimal(cp15_read_cntfrq());
    console_text(" Hz, ");
    console_decimal(iterations);
    console_text(" iterations/ms\n");

    gic_init();
    OSInit();
    app_create(iterations);
    OSStart();
    return 0;
}
