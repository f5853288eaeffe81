/* Polled text output on the PL011. */
#ifndef CONSOLE_H
#define CONSOLE_H

#include <stdint.h>

void console_init(void);
void console_text(const char *text);
void console_decimal(uint64_t value);
void console_hex(uint32_t value);

#endif
