#!/usr/bin/env bash
# Builds, checks and tests everything. Installs with apt what the tests compare with, where apt is there; what cannot be
# installed is named, and the tests that need it are skipped by name.
#   ops/check.sh
# The last line is "N passed, N failed" (", N skipped" if any). Exit: 0 all well, 1 something failed.
set -euo pipefail

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
failures=0

# --- tools: command or file, Debian package -----------------------------------------------------------------------
is_there() {
    case "$1" in
        /*) [ -e "$1" ] ;;
        *) command -v "$1" > /dev/null ;;
    esac
}
missing=()
packages=()
while read -r tool package; do
    if ! is_there "$tool"; then
        missing+=("$tool")
        packages+=("$package")
    fi
done <<'TOOLS'
qemu-system-arm qemu-system-arm
arm-none-eabi-gcc gcc-arm-none-eabi
make make
trace-cmd trace-cmd
perf linux-perf
chromium chromium
chromedriver chromium-driver
babeltrace2 babeltrace2
babeltrace babeltrace
lttng-schedstats python3-lttnganalyses
protoc protobuf-compiler
kernelshark kernelshark
Xvfb xvfb
xauth xauth
xdotool xdotool
import imagemagick
/usr/bin/time time
dtc device-tree-compiler
/usr/lib/u-boot/qemu_arm/uboot.elf u-boot-qemu
TOOLS
if [ "${#packages[@]}" -gt 0 ] && command -v apt-get > /dev/null; then
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        as_root=(sudo -n)
    fi
    echo "installing: ${packages[*]}"
    {
        "${as_root[@]}" apt-get update -q
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${packages[@]}"
    } > "$results/apt.log" 2>&1 || tail -n 3 "$results/apt.log"
fi
for tool in "${missing[@]}"; do
    is_there "$tool" || echo "skipped: $tool is not installed and cannot be: its tests are skipped"
done

# --- build, format, guests ----------------------------------------------------------------------------------------
step() {
    local name=$1
    shift
    echo "== $name"
    if ! "$@"; then
        echo "FAILED: $name"
        failures=$((failures + 1))
    fi
}

echo "== build"
if ! dotnet build ActorTrace.sln -c Release -v quiet; then
    echo "FAILED: build"
    echo "0 passed, 1 failed"
    exit 1
fi
# Analyzers have run in the build; here only what the build does not look at.
step "format: white space" dotnet format whitespace ActorTrace.sln --no-restore --verify-no-changes
step "format: style" dotnet format style ActorTrace.sln --no-restore --verify-no-changes --severity warn
step "guests: rebuilt and compared" ops/build-guests.sh --check

# --- a long journal, in short: alone it takes 10 million events ----------------------------------------------------
soak_tools=1
for tool in trace-cmd perf babeltrace2 /usr/bin/time; do
    is_there "$tool" || soak_tools=0
done
if [ "$soak_tools" -eq 1 ]; then
    step "soak: 200,000 events into every format" ops/soak-formats.sh --events 200000
fi

# --- the paper's numbers, on small sizes ---------------------------------------------------------------------------
actortrace=Hosting/bin/Release/net10.0/actortrace
step "results: what tracing costs" "$actortrace" bench overhead --small
step "results: the board's published figures" "$actortrace" validate
step "results: twins" "$actortrace" compare scenarios/arndale.yaml --for 300ms

# --- tests --------------------------------------------------------------------------------------------------------
passed=0
failed=$failures
skipped=0
counter() {
    sed -n "s/.*<Counters [^>]*$1=\"\([0-9]*\)\".*/\1/p" "$2" | head -n 1
}
for project in tests/*/*.csproj; do
    grep -q '<IsTestProject>true' "$project" || continue
    name=$(basename "$project" .csproj)
    echo "== $name"
    ok=1
    dotnet test "$project" -c Release --no-build -v quiet --logger "trx;LogFileName=$name.trx" --results-directory "$results" || ok=0
    trx="$results/$name.trx"
    if [ ! -f "$trx" ]; then
        # No result at all: the project could not be run, or holds no test.
        [ "$ok" -eq 1 ] || failed=$((failed + 1))
        continue
    fi
    here_failed=$(counter failed "$trx")
    passed=$((passed + $(counter passed "$trx")))
    failed=$((failed + here_failed))
    if [ "$ok" -eq 0 ] && [ "$here_failed" -eq 0 ]; then
        failed=$((failed + 1))
    fi
    here_skipped=$(grep -c 'outcome="NotExecuted"' "$trx" || true)
    skipped=$((skipped + here_skipped))
    if [ "$here_skipped" -gt 0 ]; then
        # Each reason once, with the number of tests it skips.
        grep -A 3 'outcome="NotExecuted"' "$trx" | sed -n 's/.*<Message>\([^<]*\)<.*/  skipped: \1/p' | sort | uniq -c
    fi
done

summary="$passed passed, $failed failed"
if [ "$skipped" -gt 0 ]; then
    summary="$summary, $skipped skipped"
fi
echo "$summary"
[ "$failed" -eq 0 ]
