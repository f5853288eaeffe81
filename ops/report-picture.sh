#!/usr/bin/env bash
# Makes docs/images/report-*.png and plot-arndale.svg: the Arndale experiment as `actortrace report --html` and
# `actortrace plot` show it.
#
#   ops/report-picture.sh [FOLDER]
#
# Installs nothing. Needs: dotnet with a built Hosting (dotnet build Hosting -c Release), chromium, pngquant, the DejaVu
# fonts. ACTORTRACE names another actortrace.dll.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(realpath -m "${1:-$root/docs/images}")
actortrace=${ACTORTRACE:-$root/Hosting/bin/Release/net10.0/actortrace.dll}

missing=
for tool in dotnet chromium pngquant; do
    command -v "$tool" >/dev/null || missing+=" $tool"
done
[ -z "$missing" ] || { echo "missing tools:$missing" >&2; exit 2; }
[ -f "$actortrace" ] || { echo "not built: $actortrace" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$folder"

dotnet "$actortrace" run "$root/scenarios/arndale.yaml" --journal "$work/arndale.atj" >"$work/run.txt"
dotnet "$actortrace" report "$work/arndale.atj" --deadline RTOS-Task1=2ms --deadline RTOS-Task4=15ms --html "$work/arndale.html"
dotnet "$actortrace" plot "$work/arndale.atj" --from 200ms --until 245ms -o "$folder/plot-arndale.svg"

# picture NAME WIDTH HEIGHT THEME ADDRESS: THEME is Chromium's preferredColorScheme, 0 dark, 1 light.
picture() {
    timeout 120 chromium --headless=new --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/profile" \
        --window-size="$2,$3" --virtual-time-budget=8000 --blink-settings=preferredColorScheme="$4" \
        --screenshot="$work/$1.png" "file://$work/arndale.html$5" >"$work/chromium.txt" 2>&1
    [ -f "$work/$1.png" ] || { cat "$work/chromium.txt" >&2; exit 1; }
    pngquant --force --output "$folder/$1.png" "$work/$1.png"
}

picture report-timeline 1500 960 1 '#t=200000000-245000000&e=cpu:1@205900000'   # two periods of the RTOS
picture report-hit 1500 960 0 '#t=209846000-209862000&e=cpu:1@209850000'        # one hit: trap, signal, interrupt, log entry
picture report-tables 1500 2400 1 '#t=1000000-2000000000'                       # the whole run, and the figures
