#!/bin/sh
# Makes docs/COMPARISON.md: runs the related work's ways of tracing (scenarios/baselines) and the doubles of the public monitor's
# mistakes (tests/EndToEnd/Predecessor), and counts what each sees by the RTOS's own record.
#   ops/comparison.sh           makes the page
#   ops/comparison.sh --check   says whether the page is what the runs give
# Exit: 0 done or equal, 1 different or failed, 2 usage.
set -eu

case "$#:${1-}" in
    0:) write=1 ;;
    1:--check) write=0 ;;
    *) echo "usage: ops/comparison.sh [--check]" >&2; exit 2 ;;
esac

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
ACTORTRACE_WRITE_COMPARISON=$write dotnet test tests/EndToEnd -c Release --nologo -v q \
    --filter "FullyQualifiedName~ComparisonTests.The_page_is_what_the_runs_give" || exit 1
echo "docs/COMPARISON.md: as the runs give it"
