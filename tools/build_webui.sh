#!/usr/bin/env bash
# Builds webui/ into webui/dist when an input has changed since the last time.
#
#   tools/build_webui.sh
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
tools/npm_modules.sh webui
cd webui

# Every file of the sources, by name: an added or removed file changes the hash as well.
hash_of_sources() {
  find . ../docs/openapi.json \( -name node_modules -o -name dist -o -name '*.tsbuildinfo' \
    -o -path ./src/api/schema.ts \) -prune -o -type f -print0 |
    sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

stamp=dist/.wattline-stamp
sources=$(hash_of_sources)
if [ -f dist/index.html ] && [ "$(cat "$stamp" 2>/dev/null)" = "$sources" ]; then
  echo "  nothing has changed"
  exit 0
fi
echo "  npm run build"
npm run --silent build | sed 's/^/  /'
echo "$sources" >"$stamp"
