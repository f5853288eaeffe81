/* The kernel's interface and its data: fixed-priority preemptive, 64 priorities (0 the highest), one task a priority.
   Names and the shape of the task control block are those of the uC/OS-II world, so that its tools and kernel
   profiles fit; the code is our own. */
#ifndef OS_H
#define OS_H

#include <stdint.h>

#define OS_LOWEST_PRIO 63
#define OS_TASK_IDLE_PRIO OS_LOWEST_PRIO
#define OS_MAX_TASKS 16
#define OS_MAX_EVENTS 8
#define OS_RDY_TBL_SIZE 8
#define OS_TASK_NAME_SIZE 16
#define OS_TICKS_PER_SEC 1000
#define OS_PRIO_SELF 0xFF

/* OSTCBStat. A task that only waits for time (OSTimeDly) keeps OS_STAT_RDY and has OSTCBDly > 0. */
#define OS_STAT_RDY 0x00
#define OS_STAT_SEM 0x01

/* OSTCBStatPend: how the last wait ended. */
#define OS_STAT_PEND_OK 0
#define OS_STAT_PEND_TO 1

#define OS_EVENT_TYPE_UNUSED 0
#define OS_EVENT_TYPE_SEM 3

#define OS_ERR_NONE 0
#define OS_ERR_EVENT_TYPE 1
#define OS_ERR_PEND_ISR 2
#define OS_ERR_TIMEOUT 10
#define OS_ERR_PRIO_EXIST 40
#define OS_ERR_PRIO_INVALID 42
#define OS_ERR_SEM_OVF 51
#define OS_ERR_TASK_CREATE_ISR 60
#define OS_ERR_TASK_NO_MORE_TCB 66
#define OS_ERR_TASK_NOT_EXIST 67

typedef uint32_t OS_STK;

typedef struct os_event {
    uint8_t OSEventType;
    void *OSEventPtr; /* next free block while unused */
    uint16_t OSEventCnt;
    uint8_t OSEventGrp; /* who waits, as OSRdyGrp and OSRdyTbl say who is ready */
    uint8_t OSEventTbl[OS_RDY_TBL_SIZE];
} OS_EVENT;

typedef struct os_tcb {
    OS_STK *OSTCBStkPtr; /* first: the assembly uses offset 0 */
    OS_STK *OSTCBStkBottom;
    uint32_t OSTCBStkSize; /* in OS_STK units */
    struct os_tcb *OSTCBNext;
    struct os_tcb *OSTCBPrev;
    OS_EVENT *OSTCBEventPtr;
    uint32_t OSTCBDly; /* ticks until the delay or the timeout ends; 0 = none */
    uint8_t OSTCBStat;
    uint8_t OSTCBStatPend;
    uint8_t OSTCBPrio;
    uint8_t OSTCBX; /* bit in its group: priority & 7 */
    uint8_t OSTCBY; /* group: priority >> 3 */
    uint8_t OSTCBBitX;
    uint8_t OSTCBBitY;
    uint32_t OSTCBCtxSwCtr; /* times switched in */
    char OSTCBTaskName[OS_TASK_NAME_SIZE];
} OS_TCB;

extern OS_TCB *OSTCBCur;
extern OS_TCB *OSTCBHighRdy;
extern OS_TCB *OSTCBList;
extern OS_TCB *OSTCBFreeList;
extern OS_TCB *OSTCBPrioTbl[OS_LOWEST_PRIO + 1];
extern OS_EVENT *OSEventFreeList;
extern uint8_t OSPrioCur;
extern uint8_t OSPrioHighRdy;
extern uint8_t OSRdyGrp;
extern uint8_t OSRdyTbl[OS_RDY_TBL_SIZE];
extern uint8_t OSIntNesting;
extern uint8_t OSLockNesting;
extern uint8_t OSRunning;
extern uint32_t OSTime;
extern uint32_t OSCtxSwCtr;

/* os_core.c */
void OSInit(void);
void OSStart(void);
void OSIntEnter(void);
void OSIntExit(void);
void OSSchedLock(void);
void OSSchedUnlock(void);
void OS_Sched(void);
void OS_SetReady(OS_TCB *tcb);
void OS_ClearReady(OS_TCB *tcb);

/* os_task.c */
uint8_t OSTaskCreate(void (*task)(void *argument), void *argument, OS_STK *bottom, uint32_t size, uint8_t prio);
uint8_t OSTaskNameSet(uint8_t prio, const char *name);
void OS_TaskIdle(void *argument);

/* os_time.c */
void OSTimeTick(void);
void OSTimeDly(uint32_t ticks);
uint32_t OSTimeGet(void);

/* os_sem.c */
OS_EVENT *OSSemCreate(uint16_t count);
void OSSemPend(OS_EVENT *event, uint32_t timeout, uint8_t *error);
uint8_t OSSemPost(OS_EVENT *event);
void OS_EventTaskRemove(OS_EVENT *event, OS_TCB *tcb);

/* os_cpu_a.S */
void OSStartHighRdy(void) __attribute__((noreturn));
void OSCtxSw(void);
void OSIntCtxSw(void);
void OSTaskSwHook(void);

/* os_cpu_c.c */
OS_STK *OSTaskStkInit(void (*task)(void *argument), void *argument, OS_STK *top);

/* Critical sections: interrupts masked, the mask before is kept on the caller's stack. */
static inline uint32_t OS_ENTER_CRITICAL(void)
{
    uint32_t cpsr;
    __asm__ volatile("mrs %0, cpsr\n\tcpsid i" : "=r"(cpsr) : : "memory");
    return cpsr;
}

static inline void OS_EXIT_CRITICAL(uint32_t cpsr)
{
    __asm__ volatile("msr cpsr_c, %0" : : "r"(cpsr) : "memory");
}

/* The most urgent priority of a group byte and its table; the group is not 0. */
static inline uint8_t OS_HighestPrio(uint8_t group, const uint8_t *table)
{
    uint32_t y = (uint32_t)__builtin_ctz(group);
    return (uint8_t)((y << 3) + (uint32_t)__builtin_ctz(table[y]));
}

#endif
