/* The kernel's data, start, interrupt bracket and scheduler. */
#include "os.h"
#include "truth.h"

OS_TCB *OSTCBCur;
OS_TCB *OSTCBHighRdy;
OS_TCB *OSTCBList;
OS_TCB *OSTCBFreeList;
OS_TCB *OSTCBPrioTbl[OS_LOWEST_PRIO + 1];
OS_EVENT *OSEventFreeList;
uint8_t OSPrioCur;
uint8_t OSPrioHighRdy;
uint8_t OSRdyGrp;
uint8_t OSRdyTbl[OS_RDY_TBL_SIZE];
uint8_t OSIntNesting;
uint8_t OSLockNesting;
uint8_t OSRunning;
uint32_t OSTime;
uint32_t OSCtxSwCtr;

static OS_TCB OSTCBTbl[OS_MAX_TASKS];
static OS_EVENT OSEventTbl[OS_MAX_EVENTS];
static OS_STK OSTaskIdleStk[256] __attribute__((aligned(8)));

/* Prepares the kernel (whose data the start code has zeroed) and creates the idle task. */
void OSInit(void)
{
    for (int i = OS_MAX_TASKS - 1; i >= 0; i--) {
        OSTCBTbl[i].OSTCBNext = OSTCBFreeList;
        OSTCBFreeList = &OSTCBTbl[i];
    }
    for (int i = OS_MAX_EVENTS - 1; i >= 0; i--) {
        OSEventTbl[i].OSEventPtr = OSEventFreeList;
        OSEventFreeList = &OSEventTbl[i];
    }
    OSTaskCreate(OS_TaskIdle, 0, OSTaskIdleStk, sizeof OSTaskIdleStk / sizeof OSTaskIdleStk[0], OS_TASK_IDLE_PRIO);
    OSTaskNameSet(OS_TASK_IDLE_PRIO, "Idle");
}

/* Starts the most urgent task; never returns. This first dispatch is not a context switch: there is no task before. */
void OSStart(void)
{
    OSPrioHighRdy = OS_HighestPrio(OSRdyGrp, OSRdyTbl);
    OSPrioCur = OSPrioHighRdy;
    OSTCBHighRdy = OSTCBPrioTbl[OSPrioHighRdy];
    OSTCBCur = OSTCBHighRdy;
    OSTCBHighRdy->OSTCBCtxSwCtr++;
    OSStartHighRdy();
}

/* Called with interrupts masked. */
void OS_SetReady(OS_TCB *tcb)
{
    OSRdyGrp |= tcb->OSTCBBitY;
    OSRdyTbl[tcb->OSTCBY] |= tcb->OSTCBBitX;
    if (OSRunning != 0) {
        truth_ready(OSPrioCur, tcb->OSTCBPrio);
    }
}

/* Called with interrupts masked. */
void OS_ClearReady(OS_TCB *tcb)
{
    uint8_t y = tcb->OSTCBY;

    OSRdyTbl[y] &= (uint8_t)~tcb->OSTCBBitX;
    if (OSRdyTbl[y] == 0) {
        OSRdyGrp &= (uint8_t)~tcb->OSTCBBitY;
    }
}

/* Chooses the task that should run; returns whether it is another one than the current. Interrupts are masked. */
static inline int OS_SchedNew(void)
{
    OSPrioHighRdy = OS_HighestPrio(OSRdyGrp, OSRdyTbl);
    OSTCBHighRdy = OSTCBPrioTbl[OSPrioHighRdy];
    if (OSPrioHighRdy == OSPrioCur) {
        return 0;
    }
    OSTCBHighRdy->OSTCBCtxSwCtr++;
    OSCtxSwCtr++;
    return 1;
}

/* Gives the processor to the most urgent task, from task level. Not inlined: it is a place where probes go. */
__attribute__((noinline, noclone)) void OS_Sched(void)
{
    uint32_t cpsr = OS_ENTER_CRITICAL();

    if (OSIntNesting == 0 && OSLockNesting == 0 && OS_SchedNew()) {
        OSCtxSw();
    }
    OS_EXIT_CRITICAL(cpsr);
}

/* Interrupts are masked by the exception entry. */
void OSIntEnter(void)
{
    OSIntNesting++;
}

/* The end of an interrupt handler: a task of higher priority that became ready is switched to from here, and
   OSIntCtxSw then does not return. Interrupts are masked. */
void OSIntExit(void)
{
    OSIntNesting--;
    if (OSIntNesting == 0 && OSLockNesting == 0 && OS_SchedNew()) {
        OSIntCtxSw();
    }
}

void OSSchedLock(void)
{
    uint32_t cpsr = OS_ENTER_CRITICAL();
    OSLockNesting++;
    OS_EXIT_CRITICAL(cpsr);
}

void OSSchedUnlock(void)
{
    uint32_t cpsr = OS_ENTER_CRITICAL();
    uint8_t nesting = --OSLockNesting;
    OS_EXIT_CRITICAL(cpsr);
    if (nesting == 0) {
        OS_Sched();
    }
}
