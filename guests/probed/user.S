/* What runs at PL0: position-independent code in a page of its own, of which there are two versions. */
#include "platform.h"

        .syntax unified
        .text
#ifdef __thumb__
        .thumb
#endif

/* user_run(entry, data): the kernel's registers stay on its stack until the user's SVC. */
        .global user_run
        .type   user_run, %function
user_run:
        push    {r4-r11, lr}
        mov     r2, r0
        mov     r0, r1
        mov     r3, #0x10                       /* USR */
        tst     r2, #1
        orrne   r3, r3, #0x20
        bic     r2, r2, #1
        msr     spsr_cxsf, r3
        mov     lr, r2
        movs    pc, lr
        .size   user_run, . - user_run

        .arm
        .global user_done
        .type   user_done, %function
user_done:
        pop     {r4-r11, lr}
        bx      lr
        .size   user_done, . - user_done
#ifdef __thumb__
        .thumb
#endif

/* r0: the data page. Counts a word in it by 2 until it is 6 or more (in the other version by 5), and gives back its sum with r1's 0x100. */
        .macro  user_page name, step
        .section .text.\name, "ax", %progbits
        .balign 4096
        .global \name
        .type   \name, %function
\name:
        mov     r4, r0
        mov     r1, #0x100
1:      bl      2f
        cmp     r0, #6
        blo     1b
        add     r0, r0, r1
        svc     #0
2:      ldr     r0, [r4]
        add     r0, r0, #\step
        str     r0, [r4]
        bx      lr
        .ltorg
#ifdef __thumb__
        .space  4096 - 2 - (. - \name)         /* the last halfword: the first one of add.w */
        .short  0xF100
#else
        .space  4096 - 4 - (. - \name)
        nop
#endif
        .size   \name, . - \name
        .endm

        user_page user_code, 2
        user_page other_user_code, 5
