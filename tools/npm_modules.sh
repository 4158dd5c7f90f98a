#!/usr/bin/env bash
# Brings node_modules of one folder up to date when its package-lock.json has changed.
#
#   tools/npm_modules.sh webui
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../${1:?name a folder}"

stamp=node_modules/.wattline-stamp
wanted=$(sha256sum package.json package-lock.json | sha256sum | cut -d' ' -f1)
[ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || exit 0
echo "  npm ci in $1: installing what package-lock.json names"
npm ci --no-audit --no-fund --loglevel=error | sed 's/^/  /'
echo "$wanted" >"$stamp"
