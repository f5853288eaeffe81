#include "print.h"

#include "console.h"

void print(const char *name, uint32_t operations, uint32_t cycles)
{
    console_text("measured: ");
    console_text(name);
    console_text(" operations=");
    console_decimal(operations);
    console_text(" cycles=");
    console_decimal(cycles);
    console_text("\n");
}

void print_done(void)
{
    console_text("measured: done\n");
}
