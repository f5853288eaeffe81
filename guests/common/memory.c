/* The two functions that a freestanding compiler may call on its own. */
#include <stddef.h>
#include <stdint.h>

void *memset(void *destination, int value, size_t count);
void *memcpy(void *restrict destination, const void *restrict source, size_t count);

void *memset(void *destination, int value, size_t count)
{
    uint8_t *to = destination;

    while (count-- != 0) {
        *to++ = (uint8_t)value;
    }
    return destination;
}

void *memcpy(void *restrict destination, const void *restrict source, size_t count)
{
    uint8_t *to = destination;
    const uint8_t *from = source;

    while (count-- != 0) {
        *to++ = *from++;
    }
    return destination;
}
