/* The task that runs the benchmark, and the one that never lets a system be quite alone. */
#ifndef RUNNER_H
#define RUNNER_H

/* Creates both. The kernel is initialised and does not run yet. */
void runner_create(void);

#endif
