#!/usr/bin/env bash
# Builds the release programs and prints the end-to-end table.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/install_packages.sh test
cmake --preset release >/dev/null
cmake --build --preset release
[ -d tests/node_modules ] || npm --prefix tests ci
[ -d webui/dist ] || { npm --prefix webui ci && npm --prefix webui run build; }
exec /usr/bin/python3 bench/end_to_end/end_to_end.py build/release/bin "$@"
