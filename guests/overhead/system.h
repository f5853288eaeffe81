/* The kernel's part of reading and writing a file whose blocks are in memory. */
#ifndef SYSTEM_H
#define SYSTEM_H

#include <stdint.h>

#define FILE_BLOCK_BYTES 1024

uint32_t file_read(uint32_t block, uint32_t *bytes);
uint32_t file_write(uint32_t block, const uint32_t *bytes);

#endif
