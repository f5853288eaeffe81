#!/usr/bin/env bash
# Makes docs/images/service-*.png: the page of `actortrace serve` with the Arndale experiment in it.
#
#   ops/service-pictures.sh [FOLDER]
#
# Installs nothing. Needs: dotnet with a built Hosting (dotnet build Hosting -c Release), curl, jq, chromium, chromium-driver,
# pngquant, the DejaVu fonts. ACTORTRACE names another actortrace.dll.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(realpath -m "${1:-$root/docs/images}")
actortrace=${ACTORTRACE:-$root/Hosting/bin/Release/net10.0/actortrace.dll}

missing=
for tool in dotnet curl jq chromium chromedriver pngquant; do
    command -v "$tool" >/dev/null || missing+=" $tool"
done
[ -z "$missing" ] || { echo "missing tools:$missing" >&2; exit 2; }
[ -f "$actortrace" ] || { echo "not built: $actortrace" >&2; exit 2; }

work=$(mktemp -d)
dotnet "$actortrace" serve --urls http://127.0.0.1:0 --data "$work/data" >"$work/serve.txt" 2>&1 &
service=$!
browser=
trap 'kill $service $browser; wait $service $browser || true; rm -rf "$work"' EXIT
mkdir -p "$folder"

# said FILE PATTERN: what a process says of itself once it has begun.
said() {
    for _ in $(seq 100); do
        sed -n "$2" "$work/$1" | grep . && return
        sleep 0.2
    done
    echo "no answer in $1" >&2
    exit 1
}

url=$(said serve.txt 's/^listening on //p')
api=${url%/}/api/v1/runs

# start TIME: the id of a run of so much simulated time.
start() {
    curl -sf -F scenario=@"$root/scenarios/arndale.yaml" -F file=@"$root/guests/gpos/bin/gpos.elf" -F file=@"$root/guests/rtos/bin/rtos.elf" -F "for=$1" "$api" | jq -r .id
}

# await ID CONDITION: until what jq finds in the run is true.
await() {
    for _ in $(seq 600); do
        [ "$(curl -sf "$api/$1" | jq "$2")" = true ] && return
        sleep 0.2
    done
    echo "run $1 does not come to $2" >&2
    exit 1
}

# write ID FILE VALUE: a file of the control tree.
write() {
    curl -sf -X PUT --data "$3" "$api/$1/control/$2" >>"$work/control.txt"
}

# driver METHOD PATH JSON: asks chromedriver.
driver() {
    curl -sf -X "$1" -H 'Content-Type: application/json' --data "$3" "$driver/session$2"
}

# picture NAME WIDTH HEIGHT THEME ADDRESS SECONDS: what the page looks like so long after it was opened; THEME is light or dark.
picture() {
    driver POST "/$session/goog/cdp/execute" "{\"cmd\":\"Emulation.setEmulatedMedia\",\"params\":{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"$4\"}]}}" >"$work/answer.json"
    driver POST "/$session/goog/cdp/execute" "{\"cmd\":\"Emulation.setDeviceMetricsOverride\",\"params\":{\"width\":$2,\"height\":$3,\"deviceScaleFactor\":1,\"mobile\":false}}" >"$work/answer.json"
    driver POST "/$session/url" '{"url":"about:blank"}' >"$work/answer.json"
    driver POST "/$session/url" "{\"url\":\"${url%/}/$5\"}" >"$work/answer.json"
    sleep "$6"
    driver GET "/$session/screenshot" '' | jq -r .value | base64 -d >"$work/$1.png"
    pngquant --force --output "$folder/$1.png" "$work/$1.png"
}

chromedriver --port=0 >"$work/driver.txt" 2>&1 &
browser=$!
driver=http://127.0.0.1:$(said driver.txt 's/.*successfully on port \([0-9]*\).*/\1/p')
session=$(driver POST '' '{"capabilities":{"alwaysMatch":{"browserName":"chrome","goog:chromeOptions":{"args":["--headless=new","--no-sandbox","--disable-gpu","--hide-scrollbars"]}}}}' | jq -r .value.sessionId)

done=$(start 1s)
await "$done" '.state == "completed"'
live=$(start 600s)
await "$live" '.simulatedNs > 300000000'
write "$live" trace/guest ucos
write "$live" trace/symbol OSTimeDly
write "$live" trace/enable 1
sleep 2

picture service-live 1500 960 light "#run=$live" 6
chain=$(curl -sf "$api/$done/chains?symbol=OSCtxSw&limit=1" | jq -r '.items[0].id')
picture service-messages 1500 960 light "#run=$done&tool=messages&chain=$chain&t=57000000-58500000" 4
picture service-period 1500 960 dark "#run=$done&t=200000000-245000000&tool=downloads" 4
driver DELETE "/$session" '' >"$work/answer.json"
