#!/usr/bin/env bash
# Installs the Debian packages that Wattline needs, and only those that are missing.
#
#   tools/install_packages.sh build   what start_system.sh needs: compiler, libraries, Node.js
#   tools/install_packages.sh test    the above and what run_tests.sh starts: browser, oracles
#   tools/install_packages.sh --undo  removes the apt source and the pin that this script added
#
# Exit codes: 0 everything is there, 1 apt failed, 77 packages are missing and this user may not
# install them (the exact line for an administrator is printed).
set -euo pipefail

readonly source_file=/etc/apt/sources.list.d/wattline-trixie.sources
readonly pin_file=/etc/apt/preferences.d/wattline-trixie

readonly build_packages=(
  g++ cmake ninja-build ccache pkg-config python3
  llvm-19-dev
  libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev
  libssl-dev libcrypt-dev libsqlite3-dev libsqlitecpp-dev libmariadb-dev libzstd-dev zlib1g-dev
  libspdlog-dev libfmt-dev libcli11-dev libcurl4-openssl-dev libhiredis-dev
  libhowardhinnant-date-dev tzdata
)
readonly opcua_packages=(libopen62541-1.4-dev libopen62541-1.4-tools libmbedtls-dev)
readonly test_packages=(
  libgtest-dev libgmock-dev libbenchmark-dev chromium-headless-shell python3-websockets
  python3-aiosmtpd mariadb-server-core mariadb-client galera-4 redis-server
)

say() { printf '%s\n' "$*"; }

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# libmbedtls-dev of Debian 12 is 2.28; the headers must match the 3.6 runtime of open62541.
has_new_mbedtls() {
  is_installed libmbedtls-dev &&
    dpkg --compare-versions "$(dpkg-query -W -f '${Version}' libmbedtls-dev)" ge 3.6
}

debian_codename() { (. /etc/os-release && printf '%s' "${VERSION_CODENAME:-unknown}"); }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

may_install() { [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; }

apt_quietly() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q \
    -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"
}

# The mirror this machine already uses; field is empty when apt has no such source.
mirror_of() {  # mirror_of <bookworm|bookworm-security>
  apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
    awk -v release="$1" '$2 == release { print $1; exit }'
}

add_trixie_source() {
  local mirror security
  mirror=$(mirror_of bookworm)
  security=$(mirror_of bookworm-security)
  if [ -z "$mirror" ]; then
    say "error: apt on this machine has no source for Debian bookworm, so open62541 of Debian 13"
    say "       cannot be found. Add the bookworm mirror to /etc/apt/sources.list and start again."
    return 1
  fi
  say "  apt: adding $pin_file (nothing of Debian 13 is installed unless asked for)"
  say "  apt: adding $source_file (open62541 and mbedTLS come from there)"
  say "  apt: undo both with: tools/install_packages.sh --undo"
  as_root tee "$pin_file" >/dev/null <<'PIN'
Package: *
Pin: release n=trixie*
Pin-Priority: -10

Package: src:open62541 src:mbedtls
Pin: release n=trixie*
Pin-Priority: 100
PIN
  {
    printf 'Types: deb\nURIs: %s\nSuites: trixie\nComponents: main\n' "$mirror"
    printf 'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n'
    if [ -n "$security" ]; then
      printf '\nTypes: deb\nURIs: %s\nSuites: trixie-security\nComponents: main\n' "$security"
      printf 'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n'
    fi
  } | as_root tee "$source_file" >/dev/null
}

undo() {
  as_root rm -f "$source_file" "$pin_file"
  as_root apt-get -q update
  say "removed $source_file and $pin_file; installed packages stay"
}

print_missing() {
  local missing
  missing=$(collect_missing "$1")
  [ -n "$missing" ] || return 0
  say "error: these packages are missing and this user can neither become root nor use sudo."
  say "Ask an administrator to run, in this folder:"
  say "    sudo tools/install_packages.sh $1"
  say "which runs: apt-get install $(tr '\n' ' ' <<<"$missing")"
  return 77
}

# Prints one package a line, with the suite where it matters.
collect_missing() {
  local package suite=""
  local wanted=("${build_packages[@]}")
  [ "$1" = test ] && wanted+=("${test_packages[@]}")
  command -v node >/dev/null || wanted+=(nodejs)
  command -v npm >/dev/null || wanted+=(npm)
  for package in "${wanted[@]}"; do is_installed "$package" || printf '%s\n' "$package"; done
  [ "$(debian_codename)" = bookworm ] && suite=/trixie
  for package in "${opcua_packages[@]}"; do
    if [ "$package" = libmbedtls-dev ]; then
      has_new_mbedtls || printf '%s%s\n' "$package" "$suite"
    else
      is_installed "$package" || printf '%s\n' "$package"
    fi
  done
}

install() {
  local missing
  missing=$(collect_missing "$1")
  [ -n "$missing" ] || { say "  all packages are installed"; return 0; }
  may_install || { print_missing "$1"; return 77; }
  if [ "$(debian_codename)" = bookworm ] && [ ! -e "$source_file" ] &&
    grep -Eq 'open62541|mbedtls' <<<"$missing"; then
    # An old list may hide the mirror's release names, hence the refresh before the look-up.
    apt_quietly update >/dev/null
    add_trixie_source
  fi
  say "  apt: refreshing the package lists"
  apt_quietly update >/dev/null
  say "  apt: installing $(wc -l <<<"$missing") packages: $(tr '\n' ' ' <<<"$missing")"
  # shellcheck disable=SC2086  # one word a package
  apt_quietly install --no-install-recommends $missing |
    grep -E --line-buffered '^(Need to|Fetched|Setting up (llvm-19-dev|libopen62541|chromium))' |
    sed -u 's/^/  /' || true
  missing=$(collect_missing "$1")
  [ -z "$missing" ] || { say "error: apt did not install: $(tr '\n' ' ' <<<"$missing")"; return 1; }
}

case "${1:-}" in
  build | test) install "$1" ;;
  --undo) undo ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
