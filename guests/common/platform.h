/* The virtual platform's addresses: those of QEMU's "virt" board, or with PLATFORM_ARNDALE those of the Arndale board. Usable
   from C and assembly. */
#ifndef PLATFORM_H
#define PLATFORM_H

#ifdef PLATFORM_ARNDALE
#define PLATFORM_GICD_BASE 0x10481000
#define PLATFORM_GICC_BASE 0x10482000
#define PLATFORM_UART_BASE 0x12C20000
#define PLATFORM_IRQ_UART 85
#else
#define PLATFORM_GICD_BASE 0x08000000
#define PLATFORM_GICC_BASE 0x08010000
#define PLATFORM_UART_BASE 0x09000000
#define PLATFORM_IRQ_UART 33
#endif
#define PLATFORM_TRACE_CONTROL_BASE 0x0A000000

/* Interrupt identifiers, GICv2: 0..15 SGI, 16..31 PPI. */
#define PLATFORM_IRQ_VIRTUAL_TIMER 27
#define PLATFORM_IRQ_SPURIOUS 1023

/* Processor modes and mask bits of the CPSR, ARM ARM DDI 0406C B1.3.3. */
#define CPSR_MODE_ABT 0x17
#define CPSR_MODE_IRQ 0x12
#define CPSR_MODE_SVC 0x13
#define CPSR_MODE_UND 0x1B
#define CPSR_T 0x20
#define CPSR_F 0x40
#define CPSR_I 0x80

/* What assembly is assembled to that is written for both: the compiler option decides, as it does for C. */
#if defined(__ASSEMBLER__) && defined(__thumb__)
#define INSTRUCTION_SET .thumb
#elif defined(__ASSEMBLER__)
#define INSTRUCTION_SET .arm
#endif

#endif
