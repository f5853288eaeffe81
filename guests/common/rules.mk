# Tools and flags of every guest image. A Makefile that includes this sets nothing before it.
# The objects and images do not depend on the folder they are built in: paths are given relative and the
# compilation directory is mapped to a fixed one.
CROSS ?= arm-none-eabi-
CC := $(CROSS)gcc
GUESTS := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/..)
OUT ?= $(CURDIR)/build

ARCH_FLAGS := -marm -mcpu=cortex-a15 -mfloat-abi=soft -mno-unaligned-access
DEBUG_FLAGS := -gdwarf-5 -gno-record-gcc-switches -ffile-prefix-map=$(GUESTS)=guests
AS_DEBUG_FLAGS := -Wa,--debug-prefix-map=$(GUESTS)=guests
WARNINGS := -Wall -Wextra -Werror -Wmissing-prototypes -Wstrict-prototypes
COMMON_FLAGS := $(ARCH_FLAGS) $(DEBUG_FLAGS) $(WARNINGS) -I../common -MMD -MP
# Addresses come from literal pools (-mword-relocations), as older compilers made them: functions then begin with
# PC-relative loads, which an instrumented guest must get right.
CFLAGS := $(COMMON_FLAGS) -std=gnu11 -mword-relocations -O2 -ffreestanding -fno-builtin -fno-common \
	-fno-tree-loop-distribute-patterns
ASFLAGS := $(COMMON_FLAGS) $(AS_DEBUG_FLAGS)
LDFLAGS := $(ARCH_FLAGS) -nostdlib -static -Wl,--build-id=none,-z,max-page-size=4096,--fatal-warnings

# One object a source file: kernel/os_core.c -> $(OUT)/obj/kernel/os_core.o, ../common/x.c -> $(OUT)/obj/common/x.o
objects = $(patsubst %,$(OUT)/obj/$(1)%.o,$(subst ../,,$(basename $(2))))
