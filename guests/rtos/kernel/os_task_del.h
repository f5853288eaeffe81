/* The end of a task; part of images whose tasks end. */
#ifndef OS_TASK_DEL_H
#define OS_TASK_DEL_H

/* Ends the running task. Returns only where that is not allowed. */
void OSTaskDelSelf(void);

#endif
