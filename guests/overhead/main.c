/* From the start code to the running kernel. */
#include "calls.h"
#include "console.h"
#include "gic.h"
#include "os.h"
#include "runner.h"

int main(void);

int main(void)
{
    console_init();
    console_text("ActorTrace overhead: kernel of guests/rtos, 1000 ticks/s\n");
    calls_init();
    gic_init();
    OSInit();
    runner_create();
    OSStart();
    return 0;
}
