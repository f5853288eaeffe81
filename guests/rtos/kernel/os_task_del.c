/* The end of a task. In a file of its own: images whose tasks live for ever do without. */
#include "os_task_del.h"

#include "os.h"

/* Ends the running task: its control block is free at once, its stack is not used again after the switch away. Returns
   only where that is not allowed: in an interrupt, while the scheduler is locked, and in the idle task. */
void OSTaskDelSelf(void)
{
    if (OSIntNesting != 0 || OSLockNesting != 0 || OSPrioCur == OS_TASK_IDLE_PRIO) {
        return;
    }
    uint32_t cpsr = OS_ENTER_CRITICAL();
    OS_TCB *tcb = OSTCBCur;
    OS_ClearReady(tcb);
    OSTCBPrioTbl[tcb->OSTCBPrio] = 0;
    if (tcb->OSTCBPrev != 0) {
        tcb->OSTCBPrev->OSTCBNext = tcb->OSTCBNext;
    } else {
        OSTCBList = tcb->OSTCBNext;
    }
    if (tcb->OSTCBNext != 0) {
        tcb->OSTCBNext->OSTCBPrev = tcb->OSTCBPrev;
    }
    tcb->OSTCBNext = OSTCBFreeList;
    OSTCBFreeList = tcb;
    OS_EXIT_CRITICAL(cpsr);
    OS_Sched();
}
