/* UnixBench's spawn: fork, the child ends, wait. No length of this path was published for the board, so what is copied is
   what must be copied at least: the first-level table, three second-level tables, and the pages of stack, data and heap that
   the first write to each takes apart. */
#include "process.h"

#include "calls.h"
#include "copy.h"
#include "os.h"
#include "os_task_del.h"
#include "own.h"
#include "request.h"
#include "spend.h"
#include "suite.h"

#define CHILD_PRIO 12
#define CHILD_STACK_WORDS 512
#define FIRST_LEVEL_BYTES 16384
#define SECOND_LEVEL_BYTES (3 * 1024)
#define PAGES_BYTES (3 * 4096)

static uint8_t parent_memory[FIRST_LEVEL_BYTES + SECOND_LEVEL_BYTES + PAGES_BYTES] __attribute__((aligned(4096)));
static uint8_t child_memory[FIRST_LEVEL_BYTES + SECOND_LEVEL_BYTES + PAGES_BYTES] __attribute__((aligned(4096)));
static OS_STK child_stack[CHILD_STACK_WORDS] __attribute__((aligned(8)));
static OS_EVENT *child_ended;
static volatile uint32_t child_status;

static void child_task(void *argument)
{
    spend(spend_rest(request.switch_path, OWN_SWITCH));
    copy_words(&child_memory[FIRST_LEVEL_BYTES + SECOND_LEVEL_BYTES], &parent_memory[FIRST_LEVEL_BYTES + SECOND_LEVEL_BYTES],
        PAGES_BYTES);
    child_status = (uint32_t)argument ^ child_memory[((uint32_t)argument * 61) % sizeof child_memory];
    OSSemPost(child_ended);
    OSTaskDelSelf();
}

uint32_t process_spawn(uint32_t argument)
{
    uint8_t error;

    copy_words(child_memory, parent_memory, FIRST_LEVEL_BYTES + SECOND_LEVEL_BYTES);
    OSTaskCreate(child_task, (void *)argument, child_stack, CHILD_STACK_WORDS, CHILD_PRIO);
    spend(spend_rest(request.switch_path, OWN_SWITCH));
    OSSemPend(child_ended, 0, &error);
    return child_status;
}

uint32_t spawn_run(uint32_t iterations)
{
    uint32_t sum = 0;
    uint32_t state = 2;

    child_ended = OSSemCreate(0);
    for (uint32_t i = 0; i < sizeof parent_memory; i++) {
        parent_memory[i] = (uint8_t)(suite_next(&state) >> 24);
    }
    for (uint32_t i = 0; i < iterations; i++) {
        sum = suite_mix(sum, call(CALL_SPAWN, i, 0, 0));
    }
    return sum;
}
