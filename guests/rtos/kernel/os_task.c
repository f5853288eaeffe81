/* Tasks: creation, names, the idle task. */
#include "cp15.h"
#include "os.h"

/* Creates a task of `size` stack words from `bottom` on; it is ready at once, and runs at once if it is the most
   urgent and the kernel runs. */
uint8_t OSTaskCreate(void (*task)(void *argument), void *argument, OS_STK *bottom, uint32_t size, uint8_t prio)
{
    if (prio > OS_LOWEST_PRIO) {
        return OS_ERR_PRIO_INVALID;
    }
    if (OSIntNesting != 0) {
        return OS_ERR_TASK_CREATE_ISR;
    }

    uint32_t cpsr = OS_ENTER_CRITICAL();
    OS_TCB *tcb = OSTCBFreeList;
    if (OSTCBPrioTbl[prio] != 0 || tcb == 0) {
        OS_EXIT_CRITICAL(cpsr);
        return tcb == 0 ? OS_ERR_TASK_NO_MORE_TCB : OS_ERR_PRIO_EXIST;
    }
    OSTCBFreeList = tcb->OSTCBNext;
    tcb->OSTCBStkPtr = OSTaskStkInit(task, argument, bottom + size);
    tcb->OSTCBStkBottom = bottom;
    tcb->OSTCBStkSize = size;
    tcb->OSTCBPrio = prio;
    tcb->OSTCBX = prio & 7;
    tcb->OSTCBY = prio >> 3;
    tcb->OSTCBBitX = (uint8_t)(1u << tcb->OSTCBX);
    tcb->OSTCBBitY = (uint8_t)(1u << tcb->OSTCBY);
    tcb->OSTCBTaskName[0] = '?';
    tcb->OSTCBPrev = 0;
    tcb->OSTCBNext = OSTCBList;
    if (OSTCBList != 0) {
        OSTCBList->OSTCBPrev = tcb;
    }
    OSTCBList = tcb;
    OSTCBPrioTbl[prio] = tcb;
    OS_SetReady(tcb);
    OS_EXIT_CRITICAL(cpsr);

    if (OSRunning != 0) {
        OS_Sched();
    }
    return OS_ERR_NONE;
}

/* Names a task; what does not fit into 15 characters is cut. */
uint8_t OSTaskNameSet(uint8_t prio, const char *name)
{
    uint32_t cpsr = OS_ENTER_CRITICAL();
    OS_TCB *tcb = OSTCBPrioTbl[prio == OS_PRIO_SELF ? OSPrioCur : prio];
    if (tcb != 0) {
        int i = 0;
        for (; i < OS_TASK_NAME_SIZE - 1 && name[i] != '\0'; i++) {
            tcb->OSTCBTaskName[i] = name[i];
        }
        tcb->OSTCBTaskName[i] = '\0';
    }
    OS_EXIT_CRITICAL(cpsr);
    return tcb != 0 ? OS_ERR_NONE : OS_ERR_TASK_NOT_EXIST;
}

/* Runs when nobody else can; sleeps until the next interrupt. */
void OS_TaskIdle(void *argument)
{
    (void)argument;
    for (;;) {
        cpu_wait_for_interrupt();
    }
}
