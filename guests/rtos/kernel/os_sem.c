/* Counting semaphores; the most urgent waiter is served first. */
#include "os.h"

/* A semaphore with the given count; 0 when all event blocks are in use. */
OS_EVENT *OSSemCreate(uint16_t count)
{
    uint32_t cpsr = OS_ENTER_CRITICAL();
    OS_EVENT *event = OSEventFreeList;
    if (event != 0) {
        OSEventFreeList = event->OSEventPtr;
        event->OSEventType = OS_EVENT_TYPE_SEM;
        event->OSEventPtr = 0;
        event->OSEventCnt = count;
    }
    OS_EXIT_CRITICAL(cpsr);
    return event;
}

static void OS_EventTaskWait(OS_EVENT *event, OS_TCB *tcb)
{
    event->OSEventGrp |= tcb->OSTCBBitY;
    event->OSEventTbl[tcb->OSTCBY] |= tcb->OSTCBBitX;
}

/* Interrupts are masked. */
void OS_EventTaskRemove(OS_EVENT *event, OS_TCB *tcb)
{
    event->OSEventTbl[tcb->OSTCBY] &= (uint8_t)~tcb->OSTCBBitX;
    if (event->OSEventTbl[tcb->OSTCBY] == 0) {
        event->OSEventGrp &= (uint8_t)~tcb->OSTCBBitY;
    }
}

/* Takes one; waits for it at most `timeout` ticks, 0 = for ever. */
void OSSemPend(OS_EVENT *event, uint32_t timeout, uint8_t *error)
{
    if (event->OSEventType != OS_EVENT_TYPE_SEM) {
        *error = OS_ERR_EVENT_TYPE;
        return;
    }
    if (OSIntNesting != 0 || OSLockNesting != 0) {
        *error = OS_ERR_PEND_ISR;
        return;
    }

    uint32_t cpsr = OS_ENTER_CRITICAL();
    if (event->OSEventCnt > 0) {
        event->OSEventCnt--;
        OS_EXIT_CRITICAL(cpsr);
        *error = OS_ERR_NONE;
        return;
    }
    OSTCBCur->OSTCBStat = OS_STAT_SEM;
    OSTCBCur->OSTCBStatPend = OS_STAT_PEND_OK;
    OSTCBCur->OSTCBDly = timeout;
    OSTCBCur->OSTCBEventPtr = event;
    OS_EventTaskWait(event, OSTCBCur);
    OS_ClearReady(OSTCBCur);
    OS_EXIT_CRITICAL(cpsr);
    OS_Sched();

    cpsr = OS_ENTER_CRITICAL();
    *error = OSTCBCur->OSTCBStatPend == OS_STAT_PEND_TO ? OS_ERR_TIMEOUT : OS_ERR_NONE;
    OSTCBCur->OSTCBStatPend = OS_STAT_PEND_OK;
    OSTCBCur->OSTCBEventPtr = 0;
    OS_EXIT_CRITICAL(cpsr);
}

/* Gives one: to the most urgent waiter, else to the count. */
uint8_t OSSemPost(OS_EVENT *event)
{
    if (event->OSEventType != OS_EVENT_TYPE_SEM) {
        return OS_ERR_EVENT_TYPE;
    }

    uint32_t cpsr = OS_ENTER_CRITICAL();
    if (event->OSEventGrp != 0) {
        OS_TCB *tcb = OSTCBPrioTbl[OS_HighestPrio(event->OSEventGrp, event->OSEventTbl)];
        OS_EventTaskRemove(event, tcb);
        tcb->OSTCBDly = 0;
        tcb->OSTCBStat = OS_STAT_RDY;
        OS_SetReady(tcb);
        OS_EXIT_CRITICAL(cpsr);
        OS_Sched();
        return OS_ERR_NONE;
    }
    uint8_t result = OS_ERR_SEM_OVF;
    if (event->OSEventCnt < UINT16_MAX) {
        event->OSEventCnt++;
        result = OS_ERR_NONE;
    }
    OS_EXIT_CRITICAL(cpsr);
    return result;
}
