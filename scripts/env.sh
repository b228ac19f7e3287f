# shellcheck shell=bash
# Sourced (bash) by the Makefile's recipes and by scripts: puts what scripts/setup.sh installed on PATH. Installs nothing.

SOCKETIO_WASM_ROOT=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
SOCKETIO_WASM_CACHE=${SOCKETIO_WASM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/socketio-wasm}
export SOCKETIO_WASM_ROOT SOCKETIO_WASM_CACHE

# Succeeds if the given rustc has a standard library for wasm32.
rustc_has_wasm32() {
  local libraries
  libraries=$("$1" --print target-libdir --target wasm32-unknown-unknown 2>/dev/null) &&
    compgen -G "$libraries/libstd-*.rlib" >/dev/null
}

# One toolchain for native and wasm: the rustc that PATH has if it knows wasm32, else the one setup linked into the cache.
# Links in a folder of their own, since /usr/bin as a whole may not come before rustup's proxies (nor the user's node, python).
if ! rustc_has_wasm32 rustc && rustc_has_wasm32 "$SOCKETIO_WASM_CACHE/rust/bin/rustc"; then
  PATH=$SOCKETIO_WASM_CACHE/rust/bin:$PATH
  unset RUSTC RUSTDOC RUSTUP_TOOLCHAIN
fi

# binaryen's wasm-opt comes from pkg/. cargo's own folder is last, since cargo itself would put it first where PATH lacks it,
# and would find another toolchain's cargo-clippy and cargo-fmt there.
PATH=$SOCKETIO_WASM_CACHE/tools/bin:$SOCKETIO_WASM_ROOT/pkg/node_modules/.bin:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin

# The caller may set each of these, to try another browser or driver.
export CHROMIUM=${CHROMIUM:-$(type -P chromium)}
export CHROMEDRIVER=${CHROMEDRIVER:-$(type -P chromedriver)}
export GECKODRIVER=${GECKODRIVER:-$SOCKETIO_WASM_CACHE/tools/bin/geckodriver}

export PATH

# The virtual environment of a list of packages, tests/requirements.txt or tests/requirements-<name>.txt, which may include the
# former: one for each content, so that two checkouts that differ in it do not disturb each other.
python_environment() {
  local suffix=${1#requirements}
  echo "$SOCKETIO_WASM_CACHE/python${suffix%.txt}-$(cat "$SOCKETIO_WASM_ROOT/tests/"{requirements.txt,"$1"} | sha256sum | cut -c1-12)"
}

# Their interpreters: PYTHON, and PYTHON_<NAME> for each other list.
export_interpreters() {
  local list variable
  for list in "$SOCKETIO_WASM_ROOT"/tests/requirements*.txt; do
    list=${list##*/}
    variable=${list/requirements/PYTHON}
    variable=${variable%.txt}
    variable=${variable//-/_}
    export "${variable^^}=$(python_environment "$list")/bin/python"
  done
}
export_interpreters
