#!/usr/bin/env bash
# Opens a trace.dat in the unmodified KernelShark on a display of its own and keeps what its window shows.
#
#   ops/kernelshark-shot.sh TRACE.dat RESULT.png [OPTION...]     options are KernelShark's, e.g. --cpu 0,1
#
# What KernelShark says on stderr goes to stderr. Needs kernelshark 2.x, Xvfb, xdotool, import (ImageMagick). Exit: 0 done,
# 1 no window came, 2 a tool is missing.
set -euo pipefail

trace=$(realpath "$1")
result=$(realpath -m "$2")
shift 2
for tool in kernelshark Xvfb xdotool import; do
    command -v "$tool" > /dev/null || { echo "ops/kernelshark-shot.sh: $tool is not installed" >&2; exit 2; }
done

work=$(mktemp -d)
pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
    wait 2> /dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# KernelShark started by root covers itself with a warning, so root starts it as nobody. A fresh home: no settings, no last session.
as_user=()
cp "$trace" "$work/trace.dat"
mkdir "$work/home"
if [ "$(id -u)" = 0 ]; then
    as_user=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
    chown -R nobody "$work"
fi
chmod 0700 "$work/home"
export HOME="$work/home" XDG_RUNTIME_DIR="$work/home" LIBGL_ALWAYS_SOFTWARE=1

# Xvfb takes a free display and says which.
Xvfb -displayfd 3 -screen 0 1600x1000x24 -nolisten tcp 3> "$work/display" > "$work/xvfb.txt" 2>&1 &
pids+=($!)
for _ in $(seq 100); do [ -s "$work/display" ] && break; sleep 0.1; done
DISPLAY=":$(tr -d '[:space:]' < "$work/display")"
export DISPLAY

cd "$work"
"${as_user[@]}" kernelshark -i trace.dat "$@" > "$work/out.txt" 2> "$work/errors.txt" &
pids+=($!)

# Windows that show progress come and go first; the main window is there when it is found several times in a row.
window=
seen=0
for _ in $(seq 300); do
    found=$(xdotool search --onlyvisible --name '^Kernel Shark' 2> /dev/null | tail -n 1) || true
    if [ -n "$found" ] && [ "$found" = "$window" ]; then seen=$((seen + 1)); else seen=0; fi
    window=$found
    [ "$seen" -lt 10 ] || break
    sleep 0.1
done
[ "$seen" -ge 10 ] || { cat "$work/errors.txt" >&2; echo "ops/kernelshark-shot.sh: KernelShark shows no window" >&2; exit 1; }
xdotool windowsize --sync "$window" 1600 1000 windowmove --sync "$window" 0 0
sleep 1
import -window root "$work/shot.png"
mkdir -p "$(dirname "$result")"
cp "$work/shot.png" "$result"
cat "$work/errors.txt" >&2
