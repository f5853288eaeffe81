#!/usr/bin/env bash
# Replays a long journal into every format and opens the results with the real tools: time, memory, number of events.
#   ops/soak-formats.sh [--events N] [--keep FOLDER]
# Prints the table of docs/BENCHMARKS.md. Exit: 0 all well, 1 a bound was broken or a tool failed. 10 million events need 8 GB of disk.
set -euo pipefail

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
events=10000000
folder=
while [ $# -gt 0 ]; do
    case "$1" in
        --events) events=$2; shift 2 ;;
        --keep) folder=$2; shift 2 ;;
        *) echo "usage: ops/soak-formats.sh [--events N] [--keep FOLDER]" >&2; exit 2 ;;
    esac
done
[ -x /usr/bin/time ] || { echo "ops/soak-formats.sh: /usr/bin/time is missing (apt-get install time)" >&2; exit 1; }
if [ -z "$folder" ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
fi
most_kib=$((200 * 1024))
failed=0

dotnet build "$root/Hosting" -c Release -v quiet > /dev/null
dotnet build "$root/tests/Benchmarks" -c Release -v quiet > /dev/null
actortrace=$(ls "$root"/Hosting/bin/Release/net*/actortrace)
journal=$folder/soak.atj
[ -e "$journal" ] || dotnet run -c Release --no-build --project "$root/tests/Benchmarks" -- make-journal "$journal" "$events" > /dev/null

# measure COMMAND...: seconds wall, seconds of CPU time, KiB at the most; the command's output is dropped, its errors are a failure.
measure() {
    /usr/bin/time -o "$folder/time" -f '%e %U %S %M' "$@" > /dev/null 2> "$folder/errors" || { echo "FAILED: $*" >&2; failed=1; }
    if [ -s "$folder/errors" ]; then
        echo "FAILED: $* says:" >&2
        head -n 3 "$folder/errors" >&2
        failed=1
    fi
    tail -n 1 "$folder/time"
}

# row WHAT COMMAND...: a line of the table.
row() {
    local what=$1 wall user system kib
    shift
    read -r wall user system kib < <(measure "$@")
    awk -v what="$what" -v n="$events" -v wall="$wall" -v cpu="$(awk "BEGIN { print $user + $system }")" -v kib="$kib" \
        'BEGIN { printf "| %s | %.2f | %.2f | %.2f | %d |\n", what, wall, cpu, n / 1e6 / (cpu > 0 ? cpu : 0.01), kib / 1024 }'
    last_kib=$kib
}

echo "| $events events | wall s | CPU s | M events a CPU second | peak MiB |"
echo "|---|---|---|---|---|"
while read -r format name; do
    result=$folder/soak.$name
    row "\`replay --to $format\`" "$actortrace" replay "$journal" --to "$format" -o "$result"
    if [ "$last_kib" -gt "$most_kib" ]; then
        echo "FAILED: $format took $((last_kib / 1024)) MiB, 200 are allowed" >&2
        failed=1
    fi
    case "$format" in
        trace.dat | trace.dat-v7) row "\`trace-cmd report\` of it" trace-cmd report -i "$result" ;;
        perf)
            row "\`perf script\` of it" perf script -i "$result"
            row "\`perf sched timehist\` of it" perf sched timehist --no-call-graph -i "$result"
            row "\`perf sched latency\` of it" perf sched latency -i "$result"
            ;;
        ctf) row "\`babeltrace2\` of it" babeltrace2 "$result" ;;
    esac
    [ "$format" = trace.dat ] || [ "$format" = ftrace ] || rm -rf "$result"
done <<'FORMATS'
trace.dat dat
trace.dat-v7 v7.dat
perf perf.data
ftrace txt
ctf ctf
perfetto perfetto-trace
chrome json
csv csv
FORMATS
exit "$failed"
