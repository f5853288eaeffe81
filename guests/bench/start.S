/* Entry of the benchmark guest: a stack, then the mix. It takes no interrupts and prints nothing. */
	.arm
	.section .text.start, "ax"
	.global _start
	.type _start, %function
_start:
	ldr	sp, =mix_stack_top
	bl	mix_main
	b	.
	.size _start, . - _start

	.bss
	.balign 8
	.space 4096
mix_stack_top:
