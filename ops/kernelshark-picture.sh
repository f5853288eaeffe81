#!/usr/bin/env bash
# Makes a picture of the Arndale experiment as the unmodified KernelShark shows it.
#
#   ops/kernelshark-picture.sh tasks [RESULT.png]   docs/images/kernelshark.png: CPUs and tasks of one trace.dat
#   ops/kernelshark-picture.sh kvm [RESULT.png]     docs/images/kernelshark-kvm.png: KVM combo plots of a trace.dat-set
#
# Installs nothing. Needs: dotnet with a built Hosting (dotnet build Hosting -c Release), kernelshark 2.x, Xvfb,
# openbox, xdotool, import (ImageMagick), pngquant, the Mesa software renderer and the DejaVu fonts.
# ACTORTRACE names another actortrace.dll, X_DISPLAY another X display number.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
case "${1:-}" in
    tasks) name=kernelshark.png ;;
    kvm) name=kernelshark-kvm.png ;;
    *) echo "usage: ${0##*/} tasks|kvm [RESULT.png]" >&2; exit 2 ;;
esac
picture=$1
result=$(realpath -m "${2:-$root/docs/images/$name}")
actortrace=${ACTORTRACE:-$root/Hosting/bin/Release/net10.0/actortrace.dll}
number=${X_DISPLAY:-87}

missing=
for tool in dotnet kernelshark Xvfb openbox xdotool import pngquant; do
    command -v "$tool" >/dev/null || missing+=" $tool"
done
[ -z "$missing" ] || { echo "missing tools:$missing" >&2; exit 2; }
[ -f "$actortrace" ] || { echo "not built: $actortrace" >&2; exit 2; }

work=$(mktemp -d)
pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# Long enough for three periods of the RTOS after the trace is enabled at 50 ms.
dotnet "$actortrace" run "$root/scenarios/arndale.yaml" --for 125ms --journal "$work/arndale.atj" >"$work/run.txt"
if [ "$picture" = tasks ]; then
    dotnet "$actortrace" replay "$work/arndale.atj" --to trace.dat -o "$work/arndale.dat"
    arguments=(-i arndale.dat --cpu 0,1 --pid 101,412,2004,2005,2006,2007)
else
    dotnet "$actortrace" replay "$work/arndale.atj" --to trace.dat-set -o "$work/set"
    arguments=(-i set/host.dat -a set/guest-android.dat -a set/guest-ucos.dat)
fi

# KernelShark started by root covers itself with a warning, so root starts it as nobody.
as_user=()
if [ "$(id -u)" = 0 ]; then
    as_user=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
    chown -R nobody "$work"
fi
# A fresh home: no settings and no last session of the person who runs this.
mkdir -p "$work/home"
chmod 0700 "$work/home"
[ "$(id -u)" != 0 ] || chown nobody "$work/home"
export HOME="$work/home" XDG_RUNTIME_DIR="$work/home" DISPLAY=":$number" LIBGL_ALWAYS_SOFTWARE=1
cd "$work"

Xvfb ":$number" -screen 0 1600x1000x24 -nolisten tcp >"$work/xvfb.txt" 2>&1 &
pids+=($!)
for _ in $(seq 50); do xdotool getdisplaygeometry >/dev/null 2>&1 && break; sleep 0.1; done
openbox >"$work/openbox.txt" 2>&1 &
pids+=($!)

"${as_user[@]}" kernelshark "${arguments[@]}" >"$work/kernelshark.txt" 2>&1 &
pids+=($!)
# The progress windows of the start come and go first; the main window is the one that is there after them.
sleep 8
window=$(xdotool search --onlyvisible --name 'Kernel Shark' | tail -1)
xdotool windowsize "$window" 1600 1000 windowmove "$window" 0 0
sleep 2

drag() { # x1 y1 x2 y2, in small steps as a hand does it
    xdotool mousemove "$1" "$2" mousedown 1
    for step in 1 2 3 4 5 6 7 8; do
        xdotool mousemove $(($1 + ($3 - $1) * step / 8)) $(($2 + ($4 - $2) * step / 8))
        sleep 0.1
    done
    xdotool mouseup 1
    sleep 1
}
press() { # x y
    xdotool mousemove "$1" "$2" click 1
    sleep 1
}
show_tasks() {
    drag 800 401 800 700        # the border between plots and list: room for all eight plots
    drag 844 190 1351 190       # zoom to about 60 ms .. 105 ms: two periods of the RTOS
    xdotool mousemove 279 216 click --repeat 2 --delay 80 1   # marker A: the RTOS's first switch in the zoomed plots
    sleep 2
    xdotool mousemove 800 850 click --repeat 2 --delay 80 5  # the list: on to the switches that follow
}
show_kvm() {
    press 109 10                # Plots
    press 175 84                # KVM Combo plots
    press 736 266               # all vCPUs of the first guest
    press 850 214               # the next guest
    xdotool key Down
    sleep 1
    xdotool key Return
    sleep 1
    press 736 266               # all of its vCPUs
    press 692 769               # Apply
    sleep 1
    drag 800 401 800 720        # the border between plots and list: room for all plots
    drag 880 190 1075 190       # zoom to one job of each RTOS task
    drag 523 190 537 190        # zoom to the switch from RTOS-Task2 to RTOS-Task3
}
"show_$picture"
xdotool mousemove 1590 60
sleep 1
cat "$work/kernelshark.txt"   # what it warns of
import -window root "$work/picture.png"
mkdir -p "$(dirname "$result")"
pngquant --force --output "$result" "$work/picture.png"
