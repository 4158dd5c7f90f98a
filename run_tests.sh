#!/usr/bin/env bash
# Builds with AddressSanitizer and UBSan and runs every test; then runs those of the formats that
# keep every bit of a number once more in the release build, which is what a plant runs, and 100
# simulated days of the collector. The last line is the verdict: `N passed, N failed`. A skipped
# test counts as failed.
#
#   ./run_tests.sh                  everything but the long ones
#   ./run_tests.sh --all            the long ones, too (a simulated 1,000 days)
#   ./run_tests.sh --filter REGEX   only tests whose name matches, with sanitizers only;
#                                   e.g. --filter ChildMachine
#
# Exit code 0 when everything passed, else 1. Logs of ctest: build/{dev,optimised}/test.log
set -Eeuo pipefail
cd "$(dirname "$(readlink -f "$0")")"

filter=.
long=()
case "${1:-}" in
  "") ;;
  --all) long=(-C Long) ;;
  --filter) filter=${2:?--filter needs a regular expression} ;;
  -h | --help) sed -n '2,13s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) sed -n '2,13s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

begin=$SECONDS
step() { printf '\n[%s/6 %3d s] %s\n' "$1" "$((SECONDS - begin))" "$2"; }

build_preset() {  # preset, target
  [ -f "build/$1/build.ninja" ] || cmake --preset "$1" >/dev/null
  NINJA_STATUS='  [%f/%t, %e s] ' cmake --build --preset "$1" --target "$2"
}

test_preset() {  # preset, which tests
  rm -f "build/$1/junit.xml"
  # ctest fails when a test does; the verdict is made from its report. Three at once: one of them is
  # as a rule a real system, of which there is one at a time and which mostly waits.
  ctest --test-dir "build/$1" -j3 --output-on-failure --no-tests=error "${@:2}" \
    --output-log "$PWD/build/$1/test.log" --output-junit "$PWD/build/$1/junit.xml" || true
}

# Whatever ends this script early is one failure; the last line keeps its form.
trap 'echo "stopped in: $doing"; echo "0 passed, 1 failed"; exit 1' ERR

doing="installing packages"
step 1 "Debian packages for build and tests"
tools/install_packages.sh test

doing="building"
step 2 "Programs and tests with sanitizers (the first time about 10 min)"
build_preset dev all

doing="building the web pages"
step 3 "Web pages and the Node.js parts of the tests"
tools/build_webui.sh
[ ! -f tests/package-lock.json ] || tools/npm_modules.sh tests

doing="running ctest"
step 4 "Tests"
test_preset dev -R "$filter" "${long[@]}"
reports=(build/dev/junit.xml)

if [ "$filter" = . ]; then
  doing="building tests of the release build"
  step 5 "Tests of exact formats and the simulator, release build"
  build_preset optimised exact_tests
  doing="running ctest in the release build"
  step 6 "These tests in the release build"
  # Programs that are not built have no tests with this label, but for those that need MariaDB.
  test_preset optimised -L "unit|sim" -LE mariadb "${long[@]}"
  reports+=(build/optimised/junit.xml)
fi
trap - ERR
printf '\nfinished after %d s\n' "$((SECONDS - begin))"
exec python3 tools/test_verdict.py "${reports[@]}"
