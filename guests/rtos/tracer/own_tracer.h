/* The RTOS's own tracer: what a guest needs that is traced by itself. It takes the ring of switches and of tasks made ready
   (truth/), adds marks that are typed at the console, and at the end prints all of it as ftrace text, by its own clock.
   It is linked in front of the functions below (ld --wrap), so that kernel and application are those of the other images. */
#ifndef OWN_TRACER_H
#define OWN_TRACER_H

#include <stdint.h>

#include "os.h"

/* The rounds of work are fewer than in the other images, so that the end comes. */
void __real_OSStart(void);
void __wrap_OSStart(void);

/* The first task starts the tick: typed bytes may interrupt from then on. */
void __real_tick_start(void);
void __wrap_tick_start(void);

/* The UART's interrupt is the tracer's, all others are the kernel's. */
void __real_interrupt_dispatch(void);
void __wrap_interrupt_dispatch(void);

/* The supervisor waits without a timeout when the work is done: the log is printed first. */
void __real_OSSemPend(OS_EVENT *event, uint32_t timeout, uint8_t *error);
void __wrap_OSSemPend(OS_EVENT *event, uint32_t timeout, uint8_t *error);

#endif
