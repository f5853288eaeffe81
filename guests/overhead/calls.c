#include "calls.h"

#include "own.h"
#include "pipe.h"
#include "process.h"
#include "request.h"
#include "spend.h"
#include "system.h"

void calls_init(void)
{
    __asm__ volatile("mcr p15, 0, %0, c12, c0, 0\n\tisb" : : "r"(call_vectors)); /* VBAR */
}

uint32_t call_dispatch(uint32_t number, uint32_t a, uint32_t b, uint32_t c)
{
    switch (number) {
    case CALL_WRITE:
        return pipe_write((struct pipe *)a, (const uint8_t *)b, c);
    case CALL_READ:
        return pipe_read((struct pipe *)a, (uint8_t *)b, c);
    case CALL_SPAWN:
        return process_spawn(a);
    case CALL_FILE_READ:
        return file_read(a, (uint32_t *)b);
    case CALL_FILE_WRITE:
        return file_write(a, (const uint32_t *)b);
    default:
        spend(spend_rest(request.null_call_path, OWN_NULL_CALL));
        return number;
    }
}
