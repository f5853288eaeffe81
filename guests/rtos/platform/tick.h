/* The kernel tick from the virtual timer. */
#ifndef TICK_H
#define TICK_H

/* Starts the tick one period from now. Called by the first task, so that no tick comes before the kernel runs. */
void tick_start(void);

#endif
