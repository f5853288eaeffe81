/* The first stack frame of a task, as os_cpu_a.S saves and restores it. */
#include "os.h"
#include "platform.h"

/* A task function must not return. */
static void OS_TaskReturn(void)
{
    __asm__ volatile("udf #0");
    __builtin_unreachable();
}

/* Frame, from low to high addresses: R0..R12, LR, PC, CPSR. Returns the address of the R0 slot. */
OS_STK *OSTaskStkInit(void (*task)(void *argument), void *argument, OS_STK *top)
{
    OS_STK *frame = top - 16;

    frame[0] = (OS_STK)argument;
    for (uint32_t r = 1; r <= 12; r++) {
        frame[r] = r * 0x01010101u;
    }
    frame[13] = (OS_STK)OS_TaskReturn;
    frame[14] = (OS_STK)task;
    frame[15] = CPSR_MODE_SVC | CPSR_F;
    return frame;
}
