/* A guest that does nothing but trap: one hypercall after another. */
	.arm
	.arch_extension virt
	.section .text.start, "ax"
	.global _start
	.type _start, %function
_start:
	hvc	#0
	b	_start
	.size _start, . - _start
