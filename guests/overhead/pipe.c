#include "pipe.h"

#include "copy.h"
#include "own.h"
#include "request.h"
#include "spend.h"

void pipe_open(struct pipe *pipe)
{
    pipe->filled = OSSemCreate(0);
    pipe->written = 0;
    pipe->read = 0;
}

/* A task that comes back from a switch takes what a switch takes of a whole system. */
static void pipe_came_back(uint32_t switched_in_before)
{
    if (OSTCBCur->OSTCBCtxSwCtr != switched_in_before) {
        spend(spend_rest(request.switch_path, OWN_SWITCH));
    }
}

uint32_t pipe_write(struct pipe *pipe, const uint8_t *bytes, uint32_t length)
{
    uint32_t switched_in = OSTCBCur->OSTCBCtxSwCtr;

    spend(spend_rest(request.pipe_path, OWN_PIPE_PAIR) / 2);
    copy_words(&pipe->bytes[pipe->written % PIPE_BYTES], bytes, length);
    pipe->written += length;
    OSSemPost(pipe->filled);
    pipe_came_back(switched_in);
    return length;
}

uint32_t pipe_read(struct pipe *pipe, uint8_t *bytes, uint32_t length)
{
    uint32_t switched_in = OSTCBCur->OSTCBCtxSwCtr;
    uint8_t error;

    spend(spend_rest(request.pipe_path, OWN_PIPE_PAIR) / 2);
    OSSemPend(pipe->filled, 0, &error);
    pipe_came_back(switched_in);
    copy_words(bytes, &pipe->bytes[pipe->read % PIPE_BYTES], length);
    pipe->read += length;
    return length;
}
