/* The board's UART: a PL011, or on the Arndale board that of the Exynos. Output is polled, input comes by interrupt. */
#ifndef UART_H
#define UART_H

#include <stdint.h>

void uart_init(void);
void uart_text(const char *text);
void uart_decimal(uint32_t value);

/* Lets received bytes raise the interrupt. */
void uart_listen(void);

/* Takes a received byte; -1 where there is none. */
int uart_take(void);

/* Ends the cause of the interrupt, after all bytes were taken. */
void uart_acknowledge(void);

#endif
