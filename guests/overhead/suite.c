#include "suite.h"

const struct benchmark suite[SUITE_BENCHMARKS] = {
    { "integer", integer_run },
    { "floating-point", floating_run },
    { "memory-copy", memory_copy_run },
    { "random-access", random_access_run },
    { "sort", sort_run },
    { "string", text_run },
    { "matrix", matrix_run },
    { "compression", compress_run },
    { "null-call", null_call_run },
    { "pipe", pipe_run },
    { "context1", context1_run },
    { "process-creation", spawn_run },
    { "file-copy", file_copy_run },
};
