#!/bin/sh
# Builds the guest images from source.
#   ops/build-guests.sh               build and replace the committed images (guests/*/bin)
#   ops/build-guests.sh --check       build and compare with the committed images, byte for byte
#   ops/build-guests.sh --out FOLDER  build into FOLDER (FOLDER/rtos/rtos.elf ...), leave the committed images alone
# The bytes depend on the compiler: guests/COMPILER names the one the committed images are from. With another one
# --check says so and compares nothing.
# Exit: 0 all well or nothing to compare with, 1 an image differs or does not build, 2 usage.
set -eu

guests=$(CDPATH= cd -- "$(dirname -- "$0")/../guests" && pwd)
mode=install
out=
case "$#:${1-}" in
    0:) ;;
    1:--check) mode=check ;;
    2:--out) mode=out; out=$2 ;;
    *) echo "usage: ops/build-guests.sh [--check | --out FOLDER]" >&2; exit 2 ;;
esac

if ! command -v arm-none-eabi-gcc > /dev/null && command -v apt-get > /dev/null; then
    apt-get install -y --no-install-recommends gcc-arm-none-eabi make > /dev/null || true
fi
for tool in arm-none-eabi-gcc make; do
    if ! command -v "$tool" > /dev/null; then
        if [ "$mode" = check ]; then
            echo "guests: not compared: $tool is not installed"
            exit 0
        fi
        echo "guests: $tool is not installed" >&2
        exit 1
    fi
done

compiler=$(arm-none-eabi-gcc --version | sed -n 1p; arm-none-eabi-as --version | sed -n 1p)
if [ "$mode" = check ] && [ "$compiler" != "$(cat "$guests/COMPILER")" ]; then
    echo "guests: not compared: the committed images are from another compiler"
    sed 's/^/  committed: /' "$guests/COMPILER"
    echo "$compiler" | sed 's/^/  here:      /'
    exit 0
fi

images_in() {
    (cd "$1" && find . -name '*.elf' | sed 's,^\./,,' | LC_ALL=C sort)
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
for makefile in "$guests"/*/Makefile; do
    folder=$(dirname "$makefile")
    name=$(basename "$folder")
    if ! make -s -C "$folder" OUT="$work/$name" > "$work/log" 2>&1; then
        cat "$work/log" >&2
        echo "guests: $name does not build" >&2
        exit 1
    fi
    rm -rf "$work/$name/obj"
    for image in $(images_in "$work/$name"); do
        case $mode in
            check)
                if cmp -s "$work/$name/$image" "$folder/bin/$image"; then
                    echo "guests/$name/bin/$image same"
                else
                    echo "guests/$name/bin/$image DIFFERS"
                    status=1
                fi ;;
            install) install -D -m 644 "$work/$name/$image" "$folder/bin/$image" ;;
            out) install -D -m 644 "$work/$name/$image" "$out/$name/$image" ;;
        esac
    done
    if [ "$mode" = check ]; then
        for image in $(images_in "$folder/bin"); do
            if [ ! -e "$work/$name/$image" ]; then
                echo "guests/$name/bin/$image DIFFERS: no source builds it"
                status=1
            fi
        done
    fi
done
if [ "$mode" = install ]; then
    echo "$compiler" > "$guests/COMPILER"
fi
exit "$status"
