/* Translation tables, short descriptors (ARM DDI 0406 B3.5.1): the kernel's own memory for PL1 only, the user's page at
   two addresses. */
#include "guest.h"
#include "platform.h"

enum {
    SECTION = 2,
    PAGE_TABLE = 1,
    SMALL_PAGE = 2,
    CACHED = 0xC,                   /* C and B */
    SECTION_KERNEL = 1 << 10,       /* AP = 01: PL1 only */
    PAGE_USER_READ = 2 << 4,        /* AP = 10: PL0 reads */
    PAGE_USER_WRITE = 3 << 4,       /* AP = 11 */
    PAGE_NEVER_EXECUTED = 1,
    SECTION_NEVER_EXECUTED = 1 << 4,
    MEGABYTE_SHIFT = 20,
};

static uint32_t first_level[4096] __attribute__((section(".tables"), aligned(16384)));
static uint32_t second_level[2][256] __attribute__((section(".tables"), aligned(1024)));
static uint32_t user_data[1024] __attribute__((section(".tables"), aligned(4096)));

static void synchronise(uint32_t address)
{
    __asm__ volatile(
        "dsb\n\tmcr p15, 0, %0, c8, c7, 1\n\tdsb\n\tisb"    /* TLBIMVA */
        : : "r"(address) : "memory");
}

static uint32_t *table_of(uint32_t first)
{
    return second_level[first == USER_FIRST ? 0 : 1];
}

void tables_map_user(uint32_t first, const void *code)
{
    table_of(first)[0] = ((uint32_t)code & ~1u) | SMALL_PAGE | CACHED | PAGE_USER_READ;
    table_of(first)[1] = (uint32_t)user_data | SMALL_PAGE | CACHED | PAGE_USER_WRITE | PAGE_NEVER_EXECUTED;
    synchronise(first);
}

void tables_unmap_user(uint32_t first)
{
    table_of(first)[0] = 0;
    synchronise(first);
}

void tables_build(void)
{
    for (uint32_t i = 0; i < 4; i++) {
        first_level[(0x40000000u >> MEGABYTE_SHIFT) + i] =
            (0x40000000u + (i << MEGABYTE_SHIFT)) | SECTION | CACHED | SECTION_KERNEL;
    }
    first_level[PLATFORM_UART_BASE >> MEGABYTE_SHIFT] =
        PLATFORM_UART_BASE | SECTION | SECTION_KERNEL | SECTION_NEVER_EXECUTED;
    first_level[USER_FIRST >> MEGABYTE_SHIFT] = (uint32_t)second_level[0] | PAGE_TABLE;
    first_level[USER_SECOND >> MEGABYTE_SHIFT] = (uint32_t)second_level[1] | PAGE_TABLE;
    tables_map_user(USER_FIRST, user_code);
    tables_map_user(USER_SECOND, user_code);

    const uint32_t client = 1, mmu_and_caches = 0x1805;
    uint32_t control;
    __asm__ volatile(
        "mcr p15, 0, %1, c3, c0, 0\n\t"     /* DACR */
        "mcr p15, 0, %2, c2, c0, 0\n\t"     /* TTBR0 */
        "mcr p15, 0, %3, c2, c0, 2\n\t"     /* TTBCR */
        "mcr p15, 0, %3, c8, c7, 0\n\t"     /* TLBIALL */
        "mcr p15, 0, %3, c7, c5, 0\n\t"     /* ICIALLU */
        "dsb\n\tisb\n\t"
        "mrc p15, 0, %0, c1, c0, 0\n\t"     /* SCTLR */
        "orr %0, %0, %4\n\t"
        "mcr p15, 0, %0, c1, c0, 0\n\tisb"
        : "=&r"(control) : "r"(client), "r"((uint32_t)first_level), "r"(0), "r"(mmu_and_caches) : "memory");
}
