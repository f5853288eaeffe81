/* PL011 (ARM DDI 0183G) and the UART of the Exynos 5250 (user's manual, chapter 29). */
#include "uart.h"
#include "divide.h"
#include "mmio.h"
#include "platform.h"

#ifdef PLATFORM_ARNDALE
#define UCON (PLATFORM_UART_BASE + 0x04)
#define UFCON (PLATFORM_UART_BASE + 0x08)
#define UTRSTAT (PLATFORM_UART_BASE + 0x10)
#define UFSTAT (PLATFORM_UART_BASE + 0x18)
#define UTXH (PLATFORM_UART_BASE + 0x20)
#define URXH (PLATFORM_UART_BASE + 0x24)
#define UINTP (PLATFORM_UART_BASE + 0x30)
#define UINTM (PLATFORM_UART_BASE + 0x38)
#define UINT_RXD 1u
#define UINT_ALL 15u

void uart_init(void)
{
    mmio_write32(UINTM, UINT_ALL);
    mmio_write32(UFCON, 7); /* FIFO on, both emptied */
    mmio_write32(UCON, 0x3C5);
}

static void uart_byte(char byte)
{
    while ((mmio_read32(UTRSTAT) & 2) == 0) {
    }
    mmio_write32(UTXH, (uint8_t)byte);
}

void uart_listen(void)
{
    mmio_write32(UINTP, UINT_ALL);
    mmio_write32(UINTM, UINT_ALL & ~UINT_RXD);
}

int uart_take(void)
{
    return (mmio_read32(UFSTAT) & 0x1FF) == 0 ? -1 : (int)(mmio_read32(URXH) & 0xFF);
}

void uart_acknowledge(void)
{
    mmio_write32(UINTP, UINT_RXD);
}
#else
#define UART_DR (PLATFORM_UART_BASE + 0x00)
#define UART_FR (PLATFORM_UART_BASE + 0x18)
#define UART_LCR_H (PLATFORM_UART_BASE + 0x2C)
#define UART_CR (PLATFORM_UART_BASE + 0x30)
#define UART_IMSC (PLATFORM_UART_BASE + 0x38)
#define UART_ICR (PLATFORM_UART_BASE + 0x44)
#define FR_RXFE (1u << 4)
#define FR_TXFF (1u << 5)
#define INT_RX_RT 0x50u

void uart_init(void)
{
    mmio_write32(UART_LCR_H, 0x70); /* 8 data bits, FIFO on */
    mmio_write32(UART_CR, 0x301);
}

static void uart_byte(char byte)
{
    while ((mmio_read32(UART_FR) & FR_TXFF) != 0) {
    }
    mmio_write32(UART_DR, (uint8_t)byte);
}

void uart_listen(void)
{
    mmio_write32(UART_IMSC, INT_RX_RT);
}

int uart_take(void)
{
    return (mmio_read32(UART_FR) & FR_RXFE) != 0 ? -1 : (int)(mmio_read32(UART_DR) & 0xFF);
}

void uart_acknowledge(void)
{
    mmio_write32(UART_ICR, INT_RX_RT);
}
#endif

void uart_text(const char *text)
{
    for (; *text != '\0'; text++) {
        uart_byte(*text);
    }
}

void uart_decimal(uint32_t value)
{
    char digits[11];
    char *first = &digits[sizeof digits - 1];

    *first = '\0';
    do {
        uint32_t digit;
        value = (uint32_t)divide_u64(value, 10, &digit);
        *--first = (char)('0' + digit);
    } while (value != 0);
    uart_text(first);
}
