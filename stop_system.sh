#!/usr/bin/env bash
# Stops Wattline: the processes end in reverse order and write what they hold. Nothing is lost.
#
#   ./stop_system.sh
#
# Exit codes: 0 stopped, or it did not run; 1 it had to be killed.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"

readonly wattline=build/release/bin/wattline
case "${1:-}" in
  "") ;;
  -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
if [ ! -x "$wattline" ]; then
  echo "Wattline is not running: it was not built yet."
  exit 0
fi
exec "$wattline" --root . down
