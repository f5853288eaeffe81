#!/usr/bin/env bash
# Runs the experiments and writes docs/RESULTS.md with its figure docs/images/overhead.svg. What the other experiments have to say is
# written to docs/results/*.md, with links as they are there, and taken over in the order of the names.
#   ops/results.sh [--small]     --small: a quarter of the iterations
# The build must be there: dotnet build -c Release. Exit: 0 done, 1 an experiment failed.
set -euo pipefail

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
actortrace=Hosting/bin/Release/net10.0/actortrace
if [ ! -x "$actortrace" ]; then
    echo "results: $actortrace is not there (dotnet build -c Release)" >&2
    exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/RESULTS.md" <<'HEAD'
# Results

Made by `ops/results.sh`; not to be edited. The board is the Arndale (two Cortex-A15 at 1.7 GHz, one cycle an instruction), so the figures
are the same on every machine. Compared with: the paper (Geekbench and most of UnixBench under 1 %, UnixBench's context1 45 %, nothing
where tracing is off, Linux's ftrace up to 11 x), and what the authors of KVM/ARM measured on an Arndale board.

HEAD
"$actortrace" bench overhead --markdown --svg "$work/overhead.svg" "$@" >> "$work/RESULTS.md"
cat >> "$work/RESULTS.md" <<'FIGURE'
![The overhead of each benchmark beside the paper's](images/overhead.svg)

All of this section: `actortrace bench overhead --markdown --svg docs/images/overhead.svg`; for programs `--json`, for a quick look `--small`.
FIGURE
"$actortrace" validate --markdown > "$work/validate.md"
"$actortrace" compare scenarios/arndale.yaml --probes ucos:switch --probes ucos:switch+wakeup \
    --probe ucos:OSTimeTick,OSIntEnter,OSIntExit --deadline RTOS-Task4=15100us --markdown > "$work/compare.md"
mv "$work/validate.md" "$work/compare.md" docs/results/
for section in docs/results/*.md; do
    if [ -e "$section" ]; then
        echo
        sed 's,](\.\./,](,g' "$section"
    fi
done >> "$work/RESULTS.md"

mv "$work/overhead.svg" docs/images/overhead.svg
mv "$work/RESULTS.md" docs/RESULTS.md
echo "written: docs/RESULTS.md, docs/images/overhead.svg"
