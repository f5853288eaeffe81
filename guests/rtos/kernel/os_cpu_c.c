/* The first stack frame of a task, as os_cpu_a.S saves and restores it. */
#include "os.h"
#include "platform.h"

/* A task function must not return. */
static void OS_TaskReturn(void)
{
    __asm__ volatile("udf #0");
    __builtin_unreachable();
}

#ifdef __ARM_FP
#define FLOAT_WORDS 66 /* D0..D31, FPSCR, one unused */
#else
#define FLOAT_WORDS 0
#endif

/* Frame, from low to high addresses: in images with floating point its registers, all 0; R0..R12, LR, PC, CPSR.
   Returns the lowest address. */
OS_STK *OSTaskStkInit(void (*task)(void *argument), void *argument, OS_STK *top)
{
    OS_STK *frame = top - 16;

    frame[0] = (OS_STK)argument;
    for (uint32_t r = 1; r <= 12; r++) {
        frame[r] = r * 0x01010101u;
    }
    frame[13] = (OS_STK)OS_TaskReturn;
    frame[14] = (OS_STK)task & ~1u;
    frame[15] = CPSR_MODE_SVC | CPSR_F | (((OS_STK)task & 1u) != 0 ? CPSR_T : 0);
    for (uint32_t i = 1; i <= FLOAT_WORDS; i++) {
        frame[-(int32_t)i] = 0;
    }
    return frame - FLOAT_WORDS;
}
