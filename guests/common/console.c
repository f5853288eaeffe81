/* PL011 (ARM DDI 0183G): 8 data bits, FIFO on, no interrupt; a byte is written when FR.TXFF is clear. */
#include "console.h"
#include "divide.h"
#include "mmio.h"
#include "platform.h"

#define UART_DR (PLATFORM_UART_BASE + 0x00)
#define UART_FR (PLATFORM_UART_BASE + 0x18)
#define UART_IBRD (PLATFORM_UART_BASE + 0x24)
#define UART_FBRD (PLATFORM_UART_BASE + 0x28)
#define UART_LCR_H (PLATFORM_UART_BASE + 0x2C)
#define UART_CR (PLATFORM_UART_BASE + 0x30)

#define FR_TXFF (1u << 5)
#define LCR_H_FEN_WLEN8 0x70
#define CR_UARTEN_TXE_RXE 0x301

void console_init(void)
{
    mmio_write32(UART_CR, 0);
    mmio_write32(UART_IBRD, 13); /* 115200 baud from the board's 24 MHz UART clock */
    mmio_write32(UART_FBRD, 1);
    mmio_write32(UART_LCR_H, LCR_H_FEN_WLEN8);
    mmio_write32(UART_CR, CR_UARTEN_TXE_RXE);
}

static void console_byte(char byte)
{
    while ((mmio_read32(UART_FR) & FR_TXFF) != 0) {
    }
    mmio_write32(UART_DR, (uint8_t)byte);
}

void console_text(const char *text)
{
    for (; *text != '\0'; text++) {
        console_byte(*text);
    }
}

void console_decimal(uint64_t value)
{
    char digits[21];
    char *first = &digits[sizeof digits - 1];

    *first = '\0';
    do {
        uint32_t digit;
        value = divide_u64(value, 10, &digit);
        *--first = (char)('0' + digit);
    } while (value != 0);
    console_text(first);
}

void console_hex(uint32_t value)
{
    console_text("0x");
    for (int shift = 28; shift >= 0; shift -= 4) {
        console_byte("0123456789ABCDEF"[(value >> shift) & 15]);
    }
}
