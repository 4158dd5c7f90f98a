#!/usr/bin/env bash
# Installs, builds and starts Wattline; then prints the address and the account.
#
#   ./start_system.sh               everything, then it runs in the background
#   ./start_system.sh --foreground  the same, but stays here until Ctrl-C
#
# Only what is missing or has changed is done again: with nothing changed it takes seconds.
# Stop it with ./stop_system.sh. Exit codes: 0 runs, 1 failed or not healthy, 2 configuration
# error, 3 already running, 77 packages are missing and this user may not install them.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"

readonly wattline=build/release/bin/wattline
foreground=no
case "${1:-}" in
  "") ;;
  --foreground) foreground=yes ;;
  -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

begin=$SECONDS
step() { printf '\n[%s/5 %3d s] %s\n' "$1" "$((SECONDS - begin))" "$2"; }

# The pid of a supervisor that runs already, or nothing.
running_pid() {
  [ -x "$wattline" ] || return 0
  "$wattline" --root . status --json 2>/dev/null |
    sed -n 's/.*"name":"wattline","pid":\([1-9][0-9]*\).*/\1/p' || true
}

pid=$(running_pid)
if [ -n "$pid" ]; then
  echo "already running, pid $pid"
  exit 3
fi

step 1 "Debian packages (the first time 1 to 5 min, then 1 s)"
tools/install_packages.sh build

step 2 "Programs (the first time 4 to 8 min, then 1 s)"
[ -f build/release/build.ninja ] || cmake --preset release >/dev/null
NINJA_STATUS='  [%f/%t, %e s] ' cmake --build --preset release

step 3 "Web pages (the first time about 1 min, then 1 s)"
tools/build_webui.sh

step 4 "Database (1 s)"
"$wattline" --root . init-db | sed 's/^/  /'

if [ "$foreground" = yes ]; then
  step 5 "Start; Ctrl-C stops everything"
  exec "$wattline" --root . up
fi
step 5 "Start (5 s; the first time also a history, about 30 s)"
"$wattline" --root . up --detach
printf '\nReady after %d s. Look:  %s status | logs -f | doctor\n' \
  "$((SECONDS - begin))" ./wattline
echo "Stop:  ./stop_system.sh"
