/* Two cores of one guest: what PSCI answers, a counter under a lock and one without, SGIs to and fro, and the second
   core switched off and on again. The first core prints; nothing it prints depends on time, but for the last line.
   Interrupts stay masked: WFI wakes for a pending one all the same, and the CPU interface is polled then. */
#include "console.h"
#include "cp15.h"
#include "gic.h"

#define PSCI_VERSION 0x84000000u
#define PSCI_CPU_SUSPEND 0x84000001u
#define PSCI_CPU_OFF 0x84000002u
#define PSCI_CPU_ON 0x84000003u
#define PSCI_AFFINITY_INFO 0x84000004u
#define PSCI_MIGRATE 0x84000005u
#define PSCI_MIGRATE_INFO_TYPE 0x84000006u
#define PSCI_MIGRATE_INFO_UP_CPU 0x84000007u
#define PSCI_SYSTEM_OFF 0x84000008u
#define PSCI_FEATURES 0x8400000Au

#define PING_SGI 1
#define PONG_SGI 2
#define SGI_TARGET_SHIFT 16
#define CPSR_SEEN 0x1FF /* A, I, F, T and the mode */
#define SCTLR_SEEN 0x1005 /* I, C, M */
#define ADDITIONS 20000
#define ROUNDS 200

int main(void);
void second_main(uint32_t context, uint32_t cpsr, uint32_t sctlr);
void second_start(void);
uint32_t psci(uint32_t function, uint32_t a, uint32_t b, uint32_t c);
void spin_lock(uint32_t *lock);
void spin_unlock(uint32_t *lock);
void atomic_add(uint32_t *word, uint32_t value);

static uint32_t lock;
static volatile uint32_t locked_count;
static uint32_t atomic_count;
static volatile uint32_t lives;
static volatile uint32_t done;
static volatile uint32_t seen_context;
static volatile uint32_t seen_cpsr;
static volatile uint32_t seen_sctlr;
static volatile uint32_t seen_mpidr;

static void say(const char *what, uint32_t value)
{
    console_text("ActorTrace smp: ");
    console_text(what);
    console_text("=");
    console_hex(value);
    console_text("\n");
}

static void ask(const char *what, uint32_t function, uint32_t a, uint32_t b)
{
    say(what, psci(function, a, b, 0));
}

static void add(void)
{
    for (int i = 0; i < ADDITIONS; i++) {
        spin_lock(&lock);
        locked_count++;
        spin_unlock(&lock);
        atomic_add(&atomic_count, 3);
    }
}

static void send(uint32_t core, uint32_t sgi)
{
    mmio_write32(GICD_SGIR, (1u << (SGI_TARGET_SHIFT + core)) | sgi);
}

/* Waits for an SGI; returns what the interface said, the sender included. */
static uint32_t await(uint32_t sgi)
{
    for (;;) {
        uint32_t iar = gic_acknowledge();
        uint32_t id = iar & GICC_IAR_ID_MASK;

        if (id == PLATFORM_IRQ_SPURIOUS) {
            cpu_wait_for_interrupt();
            continue;
        }
        gic_end(iar);
        if (id == sgi) {
            return iar;
        }
    }
}

static void gic_start(void)
{
    gic_init();
    gic_enable_private(PING_SGI, 0x80);
    gic_enable_private(PONG_SGI, 0x80);
}

void second_main(uint32_t context, uint32_t cpsr, uint32_t sctlr)
{
    seen_context = context;
    seen_cpsr = cpsr & CPSR_SEEN;
    seen_sctlr = sctlr & SCTLR_SEEN;
    seen_mpidr = cp15_read_mpidr();
    lives++;
    if (lives == 1) {
        gic_start();
        add();
        done = 1;
        for (int round = 0; round < ROUNDS; round++) {
            await(PING_SGI);
            send(0, PONG_SGI);
        }
    }
    psci(PSCI_CPU_OFF, 0, 0, 0);
}

static void ask_before(void)
{
    ask("PSCI_VERSION", PSCI_VERSION, 0, 0);
    ask("PSCI_FEATURES", PSCI_FEATURES, PSCI_CPU_ON, 0);
    ask("MIGRATE_INFO_TYPE", PSCI_MIGRATE_INFO_TYPE, 0, 0);
    ask("MIGRATE", PSCI_MIGRATE, 1, 0);
    ask("MIGRATE_INFO_UP_CPU", PSCI_MIGRATE_INFO_UP_CPU, 0, 0);
    ask("CPU_SUSPEND of a level above", PSCI_CPU_SUSPEND, 0x02000000, 0);
    ask("CPU_SUSPEND with reserved bits", PSCI_CPU_SUSPEND, 0x80000000, 0);
    ask("AFFINITY_INFO 0", PSCI_AFFINITY_INFO, 0, 0);
    ask("AFFINITY_INFO 1 while off", PSCI_AFFINITY_INFO, 1, 0);
    ask("AFFINITY_INFO 2", PSCI_AFFINITY_INFO, 2, 0);
    ask("AFFINITY_INFO of level 1", PSCI_AFFINITY_INFO, 0, 1);
    ask("CPU_ON self", PSCI_CPU_ON, 0, (uint32_t)second_start);
    ask("CPU_ON nobody", PSCI_CPU_ON, 2, (uint32_t)second_start);
    ask("CPU_ON another cluster", PSCI_CPU_ON, 0x100, (uint32_t)second_start);
    ask("no function", 0x84000050u, 0, 0);
    ask("no function of PSCI", 0x12345678u, 0, 0);
}

static void start_second(uint32_t context)
{
    uint32_t before = lives;

    say("CPU_ON", psci(PSCI_CPU_ON, 1, (uint32_t)second_start, context));
    while (lives == before) {
    }
    say("context", seen_context);
    say("CPSR", seen_cpsr);
    say("SCTLR", seen_sctlr);
    say("MPIDR", seen_mpidr);
}

static void await_off(void)
{
    while (psci(PSCI_AFFINITY_INFO, 1, 0, 0) != 1) {
    }
    say("AFFINITY_INFO 1 when off again", 1);
}

int main(void)
{
    console_init();
    gic_start();
    ask_before();
    start_second(0xC0FFEE01u);
    ask("AFFINITY_INFO 1 while on", PSCI_AFFINITY_INFO, 1, 0);
    ask("CPU_ON again", PSCI_CPU_ON, 1, (uint32_t)second_start);
    add();
    while (done == 0) {
    }
    say("counted under the lock", locked_count);
    say("counted without", atomic_count);
    uint32_t senders = 0;
    for (int round = 0; round < ROUNDS; round++) {
        send(1, PING_SGI);
        senders |= await(PONG_SGI);
    }
    say("SGIs answered by", senders);
    await_off();
    start_second(0x00000002u);
    await_off();
    console_text("ActorTrace smp: done counter=");
    console_decimal(cp15_read_cntvct());
    console_text("\n");
    psci(PSCI_SYSTEM_OFF, 0, 0, 0);
    return 0;
}
