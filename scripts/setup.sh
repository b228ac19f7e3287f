#!/usr/bin/env bash
# Installs the tools that building and testing need, each only if it is missing: scripts/setup.sh [part...]
# Parts: rust fuzz wasm-tools trunk npm npm-tools python browsers cluster (without arguments: these); interop, which only `make test-interop` needs.
# It may run from several checkouts at the same time.
set -euo pipefail

rust_minor=95            # the oldest Rust 1.x that the project is tested with
wasm_bindgen=0.2.130     # the version that Cargo.toml asks for: the two must be equal
wasm_pack=0.15.1         # another version may run cargo and wasm-bindgen with other options
geckodriver=0.37.1
trunk=0.21.14            # 0.22 needs a later Rust
debian_rust=(rustc-web cargo-web rust-web-src rust-web-llvm lld-22 rust-web-clippy rustfmt-web)
debian_browsers=(chromium chromium-driver firefox-esr fonts-liberation) # a page without any font renders no text

# shellcheck source=scripts/env.sh
source "${BASH_SOURCE[0]%/*}/env.sh"
cache=$SOCKETIO_WASM_CACHE
mkdir -p "$cache"

die() { echo "setup: $*" >&2 && exit 1; }

# Shows a command's output only if it fails.
quietly() {
  local log
  log=$(mktemp)
  ("$@") >"$log" 2>&1 || { tail -n 40 "$log" >&2 && rm "$log" && die "failed: $*"; }
  rm "$log"
}

# ensure <thing> <announcement> [argument...]: if ready_<thing> fails, runs install_<thing>, one at a time per cache.
ensure() {
  local thing=$1 announcement=$2
  shift 2
  if "ready_$thing" "$@"; then return; fi
  exec 9>"$cache/lock"
  flock --nonblock 9 || { echo "setup: waiting for another run of it" && flock 9; }
  if ! "ready_$thing" "$@"; then # asked again: another run may have installed it while this one waited for the lock
    echo "setup: $announcement"
    "install_$thing" "$@" 9>&- # closed, since a process left behind would keep the lock
    "ready_$thing" "$@" || die "still missing after the installation: $announcement"
  fi
  exec 9>&-
}

as_root() {
  if ((EUID == 0)); then "$@"; return; fi
  type -P sudo >/dev/null || die "this needs root or sudo; run as root: $*"
  sudo "$@"
}

install_debian() {
  type -P apt-get >/dev/null || die "no apt-get on this system; install the contents of these Debian packages: $*"
  quietly as_root apt-get update
  quietly as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=600 "$@"
}

# rust: one toolchain with wasm32, clippy and rustfmt: rustup's if it can install the target, else Debian's
debian_std=/usr/lib/rustlib/wasm32-unknown-unknown/lib

ready_rust() {
  source "$SOCKETIO_WASM_ROOT/scripts/env.sh" # again, since the installation may have changed PATH
  rustc_has_wasm32 rustc && cargo clippy --version && cargo fmt --version || return
  [[ $(rustc --print sysroot) != /usr ]] || debian_std_fits
} &>/dev/null

# A standard library cannot be linked if another rustc has built it: Debian may have upgraded rustc since.
debian_std_fits() {
  rustc_has_wasm32 /usr/bin/rustc && [[ ! -e $debian_std/built-by || $(<$debian_std/built-by) == "$(/usr/bin/rustc -vV)" ]]
}

install_rust() {
  if type -P rustup >/dev/null && timeout 120 rustup target add wasm32-unknown-unknown &>/dev/null; then
    quietly rustup component add clippy rustfmt
    return
  fi
  echo "setup: no wasm32 target from rustup: Debian's packages, and the standard library built for it"
  install_debian "${debian_rust[@]}"
  mkdir -p "$cache/rust/bin"
  ln -sf /usr/bin/{cargo,cargo-clippy,cargo-fmt,clippy-driver,rustc,rustdoc,rustfmt} "$cache/rust/bin/"
  debian_std_fits || install_debian_std
}

# The source of the standard library: built with the crate, it makes a module a tenth smaller. Debian's rustc came with it. If it cannot
# be installed, the build uses the library that came with rustc.
want_rust_source() {
  local source
  source=$(rustc --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock
  if [[ -e $source ]]; then return; fi
  echo "setup: the standard library's source (10 s)"
  timeout 120 rustup component add rust-src &>/dev/null || echo "setup: the source cannot be installed here; the module comes out larger"
}

install_debian_std() {
  local built
  built=$(mktemp -d)
  quietly "$SOCKETIO_WASM_ROOT/scripts/debian-std.sh" "$built"
  as_root rm -rf $debian_std
  as_root install -D --mode=644 --target-directory=$debian_std "$built"/*
  rm -r "$built"
}

# fuzz: libFuzzer is compiled from the source in the crate libfuzzer-sys, by the compiler that Rust's crate cc finds
ready_cxx() { type -P "${CXX:-c++}" >/dev/null; }
install_cxx() { install_debian g++; }

# wasm-tools: programs from crates.io
ready_crate() { grep -q "^\"$1 $2 " "$cache/tools/.crates.toml" 2>/dev/null; }
install_crate() { # without its lock file if that names a crate that cannot be downloaded here
  local install=(cargo install "$1" --version "=$2" --root "$cache/tools" "${@:3}")
  "${install[@]}" --locked --quiet &>/dev/null || quietly "${install[@]}"
}

# Once a day wasm-pack asks crates.io for its latest version, and writes the date into a file beside itself. A date in the future keeps
# it from asking: the project chooses the version, and a build must not need the network.
ready_stamp() { grep -q "^created 2999-" "$cache/tools/bin/wasm-pack.stamp"; } &>/dev/null
install_stamp() { printf 'created 2999-01-01T00:00:00+00:00\nversion %s' "$wasm_pack" >"$cache/tools/bin/wasm-pack.stamp"; }

# npm: node_modules of a folder, by its lock file
ready_npm() { [[ $(cat "$1/node_modules/.lock-hash" 2>/dev/null) == "$(sha256sum <"$1/package-lock.json")" ]]; }
install_npm() {
  node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' || die "Node.js 20 or later is needed"
  # `npm ci` also wants optional packages of other systems, which may be missing from the registry.
  (cd "$1" && { npm ci --no-audit --no-fund &>/dev/null || quietly npm install --no-save --no-audit --no-fund; })
  sha256sum <"$1/package-lock.json" >"$1/node_modules/.lock-hash"
}

# python, interop: an environment for each list of packages for the servers in tests/
ready_python() { [[ -e $(python_environment "$1")/complete && -x $(python_environment "$1")/bin/python ]]; }
install_python() {
  local environment
  environment=$(python_environment "$1")
  python3 -c 'import ensurepip, venv' 2>/dev/null || install_debian python3 python3-venv
  quietly python3 -m venv --clear "$environment"
  quietly "$environment/bin/python" -m pip install --requirement "$SOCKETIO_WASM_ROOT/tests/$1"
  touch "$environment/complete"
}

# browsers: those of the distribution, with the driver of the same version
ready_browsers() { type -P chromium chromedriver firefox-esr >/dev/null; }
install_browsers() { install_debian "${debian_browsers[@]}"; }

# cluster: programs that Debian installs as services. The tests start their own, so the service is neither started nor enabled.
ready_service() { type -P "$1" >/dev/null || [[ -x /usr/sbin/$1 ]]; }
install_service() {
  local policy=/usr/sbin/policy-rc.d written="" failed=""
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | as_root install --mode=755 /dev/stdin $policy
    written=yes
  fi
  (install_debian "$1") || failed=yes
  [[ -z $written ]] || as_root rm $policy
  [[ -z $failed ]] || exit 1
  [[ ! -d /run/systemd/system ]] || quietly as_root systemctl disable --now "$1"
}

part() {
  case $1 in
    rust)
      ensure rust "Rust for wasm32 (from rustup 10 s, from Debian 90 s)"
      [[ $(rustc --version) =~ ^rustc\ 1\.([0-9]+) && ${BASH_REMATCH[1]} -ge $rust_minor ]] ||
        die "Rust 1.$rust_minor or later is needed, this is $(rustc --version) (try: rustup update)"
      want_rust_source
      ;;
    fuzz)
      part rust
      ensure cxx "a C++ compiler (15 s)"
      ;;
    wasm-tools)
      part rust
      ensure crate "wasm-bindgen-cli $wasm_bindgen (about 3 min)" wasm-bindgen-cli $wasm_bindgen
      ensure crate "wasm-pack $wasm_pack (about 1 min)" wasm-pack $wasm_pack --debug --config profile.dev.debug=false
      ensure stamp "no search for later versions of wasm-pack"
      ;;
    trunk)
      part wasm-tools
      ensure crate "trunk $trunk (about 4 min)" trunk $trunk --debug --no-default-features --config profile.dev.debug=false
      ;;
    npm)
      ensure npm "npm packages of pkg/ (10 s)" "$SOCKETIO_WASM_ROOT/pkg"
      ensure npm "npm packages of tests/ (10 s)" "$SOCKETIO_WASM_ROOT/tests"
      ;;
    npm-tools)
      ensure npm "npm packages of tests/npm/: runtimes, bundlers and test runners (1 min)" "$SOCKETIO_WASM_ROOT/tests/npm"
      ;;
    python)
      ensure python "Python packages of tests/requirements.txt (15 s)" requirements.txt
      ensure service "openssl (10 s)" openssl # the servers' certificates
      ;;
    interop)
      part python
      ensure python "Python packages of tests/requirements-hostings.txt (40 s)" requirements-hostings.txt
      ensure python "Python packages of tests/requirements-4.txt (10 s)" requirements-4.txt
      ensure python "Python packages of tests/requirements-gevent-websocket.txt (15 s)" requirements-gevent-websocket.txt
      ;;
    browsers)
      part rust # for geckodriver
      ensure browsers "Chromium and Firefox (about 1 min)"
      ensure crate "geckodriver $geckodriver (about 2 min)" geckodriver $geckodriver
      ;;
    cluster)
      ensure service "haproxy (10 s)" haproxy
      ensure service "redis-server (10 s)" redis-server
      ;;
    *) die "no such part: $1 (there are: rust fuzz wasm-tools trunk npm npm-tools python browsers cluster interop)" ;;
  esac
}

(($#)) || set -- rust fuzz wasm-tools trunk npm npm-tools python browsers cluster
for name; do part "$name"; done
