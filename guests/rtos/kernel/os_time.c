/* Time in ticks: the tick, delays. */
#include "os.h"

/* Called by the tick interrupt: advances time and makes ready whose delay or timeout ends. */
void OSTimeTick(void)
{
    OSTime++;
    for (OS_TCB *tcb = OSTCBList; tcb != 0; tcb = tcb->OSTCBNext) {
        if (tcb->OSTCBDly == 0 || --tcb->OSTCBDly != 0) {
            continue;
        }
        if (tcb->OSTCBStat != OS_STAT_RDY) {
            OS_EventTaskRemove(tcb->OSTCBEventPtr, tcb); /* a later post is not for this task any more */
            tcb->OSTCBStat = OS_STAT_RDY;
            tcb->OSTCBStatPend = OS_STAT_PEND_TO;
        }
        OS_SetReady(tcb);
    }
}

/* Waits until that many ticks have come; 0 returns at once. */
void OSTimeDly(uint32_t ticks)
{
    if (ticks == 0 || OSIntNesting != 0 || OSLockNesting != 0) {
        return;
    }
    uint32_t cpsr = OS_ENTER_CRITICAL();
    OS_ClearReady(OSTCBCur);
    OSTCBCur->OSTCBDly = ticks;
    OS_EXIT_CRITICAL(cpsr);
    OS_Sched();
}

uint32_t OSTimeGet(void)
{
    uint32_t cpsr = OS_ENTER_CRITICAL();
    uint32_t time = OSTime;
    OS_EXIT_CRITICAL(cpsr);
    return time;
}
