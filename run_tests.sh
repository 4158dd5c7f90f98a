#!/usr/bin/env bash
# Builds with AddressSanitizer and UBSan and runs every test. The last line is the verdict:
# `N passed, N failed`. A skipped test counts as failed.
#
#   ./run_tests.sh                  everything
#   ./run_tests.sh --filter REGEX   only tests whose name matches, e.g. --filter ChildMachine
#
# Exit code 0 when everything passed, else 1. The full log of ctest: build/dev/test.log
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"

filter=.
case "${1:-}" in
  "") ;;
  --filter) filter=${2:?--filter needs a regular expression} ;;
  -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

begin=$SECONDS
step() { printf '\n[%s/4 %3d s] %s\n' "$1" "$((SECONDS - begin))" "$2"; }
# Whatever ends this script early is one failure; the last line keeps its form.
trap 'echo "stopped in: $doing"; echo "0 passed, 1 failed"; exit 1' ERR

doing="installing packages"
step 1 "Debian packages for build and tests"
tools/install_packages.sh test

doing="building"
step 2 "Programs and tests with sanitizers (the first time about 10 min)"
[ -f build/dev/build.ninja ] || cmake --preset dev >/dev/null
NINJA_STATUS='  [%f/%t, %e s] ' cmake --build --preset dev

doing="building the web pages"
step 3 "Web pages and the Node.js parts of the tests"
tools/build_webui.sh
[ ! -f tests/package-lock.json ] || tools/npm_modules.sh tests

step 4 "Tests"
doing="running ctest"
rm -f build/dev/junit.xml
# ctest fails when a test does; the verdict is made from its report.
ctest --test-dir build/dev -j2 --output-on-failure --no-tests=error -R "$filter" \
  --output-log "$PWD/build/dev/test.log" --output-junit "$PWD/build/dev/junit.xml" || true
trap - ERR
printf '\nfinished after %d s\n' "$((SECONDS - begin))"
exec python3 tools/test_verdict.py build/dev/junit.xml
