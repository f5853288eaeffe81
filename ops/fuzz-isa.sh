#!/bin/sh
# Compares random instructions with random registers and memory on our core and on QEMU's Cortex-A15, as long as wanted.
#   ops/fuzz-isa.sh [--seconds N] [--seed S] [--set a32|t32|vfp]
# N seconds altogether (60), S makes everything (1000), without --set all three sets take their turns.
# Prints cases, encodings and what differed: each row of the decode tables with examples, the same for the same seed.
# Exit: 0 nothing differs, 1 something does or QEMU or binutils for ARM are missing, 2 usage.
set -eu

usage() { echo "usage: ops/fuzz-isa.sh [--seconds N] [--seed S] [--set a32|t32|vfp]" >&2; exit 2; }

ACTORTRACE_FUZZ_SECONDS=60
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case "$1" in
        --seconds) ACTORTRACE_FUZZ_SECONDS=$2 ;;
        --seed) export ACTORTRACE_FUZZ_SEED="$2" ;;
        --set) case "$2" in a32|t32|vfp) export ACTORTRACE_FUZZ_SET="$2" ;; *) usage ;; esac ;;
        *) usage ;;
    esac
    shift 2
done
export ACTORTRACE_FUZZ_SECONDS

for tool in qemu-system-arm arm-none-eabi-as arm-none-eabi-objcopy; do
    command -v "$tool" > /dev/null || { echo "fuzz-isa: $tool is not installed" >&2; exit 1; }
done
cd "$(dirname -- "$0")/.."
exec dotnet test tests/Machine.Tests -c Release --nologo --logger "console;verbosity=detailed" \
    --filter "FullyQualifiedName~A_longer_run_on_demand_finds_nothing_either"
