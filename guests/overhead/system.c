/* What UnixBench measures of a system: syscall, pipe, context1, fcopy. */
#include "system.h"

#include "calls.h"
#include "copy.h"
#include "os.h"
#include "own.h"
#include "pipe.h"
#include "request.h"
#include "spend.h"
#include "suite.h"

#define PIPE_MESSAGE 512
#define FILE_BLOCKS 64
#define PARTNER_PRIO 15
#define PARTNER_STACK_WORDS 1024

static struct pipe there;
static struct pipe back;
static OS_STK partner_stack[PARTNER_STACK_WORDS] __attribute__((aligned(8)));
static uint32_t source[FILE_BLOCKS][FILE_BLOCK_BYTES / 4];
static uint32_t target[FILE_BLOCKS][FILE_BLOCK_BYTES / 4];

uint32_t null_call_run(uint32_t iterations)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < iterations; i++) {
        sum += call(CALL_NULL, i, 0, 0) + 1;
    }
    return sum;
}

/* pipe: one program writes 512 bytes and reads them again. */
uint32_t pipe_run(uint32_t iterations)
{
    uint32_t message[PIPE_MESSAGE / 4];
    uint32_t sum = 0;

    pipe_open(&there);
    for (uint32_t i = 0; i < PIPE_MESSAGE / 4; i++) {
        message[i] = i;
    }
    for (uint32_t i = 0; i < iterations; i++) {
        message[i % (PIPE_MESSAGE / 4)] += i;
        call(CALL_WRITE, (uint32_t)&there, (uint32_t)message, PIPE_MESSAGE);
        call(CALL_READ, (uint32_t)&there, (uint32_t)message, PIPE_MESSAGE);
        sum = suite_mix(sum, message[i % (PIPE_MESSAGE / 4)]);
    }
    return sum;
}

/* The other program of context1: sends back what it gets, plus one. */
static void partner_task(void *argument)
{
    (void)argument;
    for (;;) {
        uint32_t word;

        call(CALL_READ, (uint32_t)&there, (uint32_t)&word, sizeof word);
        word++;
        call(CALL_WRITE, (uint32_t)&back, (uint32_t)&word, sizeof word);
    }
}

/* context1: two programs hand a number to and fro through two pipes; two context switches a round. */
uint32_t context1_run(uint32_t iterations)
{
    uint32_t word = 0;

    pipe_open(&there);
    pipe_open(&back);
    OSTaskCreate(partner_task, 0, partner_stack, PARTNER_STACK_WORDS, PARTNER_PRIO);
    OSTaskNameSet(PARTNER_PRIO, "Partner");
    for (uint32_t i = 0; i < iterations; i++) {
        call(CALL_WRITE, (uint32_t)&there, (uint32_t)&word, sizeof word);
        call(CALL_READ, (uint32_t)&back, (uint32_t)&word, sizeof word);
    }
    return word;
}

uint32_t file_read(uint32_t block, uint32_t *bytes)
{
    spend(spend_rest(request.null_call_path, OWN_NULL_CALL));
    copy_words(bytes, source[block % FILE_BLOCKS], FILE_BLOCK_BYTES);
    return FILE_BLOCK_BYTES;
}

uint32_t file_write(uint32_t block, const uint32_t *bytes)
{
    spend(spend_rest(request.null_call_path, OWN_NULL_CALL));
    copy_words(target[block % FILE_BLOCKS], bytes, FILE_BLOCK_BYTES);
    return FILE_BLOCK_BYTES;
}

/* fcopy: a file that is in memory is read and written in blocks of 1,024 bytes. */
uint32_t file_copy_run(uint32_t iterations)
{
    uint32_t buffer[FILE_BLOCK_BYTES / 4];
    uint32_t sum = 0;
    uint32_t state = 1;

    for (uint32_t block = 0; block < FILE_BLOCKS; block++) {
        for (uint32_t i = 0; i < FILE_BLOCK_BYTES / 4; i++) {
            source[block][i] = suite_next(&state);
        }
    }
    for (uint32_t i = 0; i < iterations; i++) {
        call(CALL_FILE_READ, i, (uint32_t)buffer, 0);
        call(CALL_FILE_WRITE, i, (uint32_t)buffer, 0);
        sum = suite_mix(sum, target[i % FILE_BLOCKS][i / FILE_BLOCKS % (FILE_BLOCK_BYTES / 4)]);
    }
    return sum;
}
