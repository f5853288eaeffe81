#!/bin/sh
# Damages trace files of all kinds and reads them, as long as wanted: they are read, or refused in one line.
#   ops/fuzz-readers.sh [--seconds N] [--seed S]
# N seconds (600), S makes everything (1). With ACTORTRACE_CAPTURES set to a folder of real captures these are damaged too.
# Prints how many files there were and the seeds. What fails is kept, and its place, seed and number are printed.
# Exit: 0 nothing was found, 1 something was, 2 usage.
set -eu

usage() { echo "usage: ops/fuzz-readers.sh [--seconds N] [--seed S]" >&2; exit 2; }

ACTORTRACE_FUZZ_SECONDS=600
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case "$2" in *[!0-9]* | "") usage ;; esac
    case "$1" in
        --seconds) ACTORTRACE_FUZZ_SECONDS=$2 ;;
        --seed) export ACTORTRACE_FUZZ_SEED="$2" ;;
        *) usage ;;
    esac
    shift 2
done
export ACTORTRACE_FUZZ_SECONDS

cd "$(dirname -- "$0")/.."
exec dotnet test tests/Traces.Tests -c Release --nologo --logger "console;verbosity=detailed" \
    --filter "FullyQualifiedName~Damaged_files_are_read_or_refused_in_one_line"
