#!/usr/bin/env bash
# Runs the tests in tests/wasm/ against real servers: scripts/test-wasm.sh [host...]
# MANIFEST=tests/rust/hooks/Cargo.toml runs the tests of another crate instead.
# Hosts: node chromium firefox worker-chromium worker-firefox (none named: all).
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}/.."
source scripts/env.sh

# The tests run the JavaScript as it is written now.
node scripts/snippets.mjs

(($#)) || set -- node chromium firefox worker-chromium worker-firefox

# The servers also end when stdin closes, so they never outlive this script, not even after a SIGKILL.
coproc SERVERS { exec node tests/wasm/servers.mjs; }
servers=$SERVERS_PID
trap 'kill "$servers" 2>/dev/null || true' EXIT
# The addresses are compiled into the tests (option_env!), since a test in a browser cannot read the environment.
said=
until [[ $said == ready ]]; do
  read -r -t 60 said <&"${SERVERS[0]}" || { echo "test-wasm: the test servers did not start" >&2 && exit 1; }
  [[ $said == ready ]] || export "${said?}"
done

export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner
export WASM_BINDGEN_TEST_WEBDRIVER_JSON=$PWD/webdriver.json
export WASM_BINDGEN_TEST_TIMEOUT=300        # seconds for a whole file on a busy machine, with single waits of 30
export WASM_BINDGEN_TEST_DRIVER_TIMEOUT=120 # seconds for a browser to start, on a busy machine

# The arguments of cargo that select the tests in tests/wasm/, with the features that they require. By default cargo does not run them
# (`test = false`), since they need the servers.
# shellcheck disable=SC2016 # the ${} are JavaScript's
mapfile -t tests < <(cargo metadata --no-deps --format-version 1 | node -e '
  const { targets } = JSON.parse(require("node:fs").readFileSync(0)).packages.find(({ name }) => name === "socketio-wasm");
  const inMemory = (target) => target.name === "testing"; // see below
  const tests = targets.filter((target) => /[\\/]tests[\\/]wasm[\\/]/.test(target.src_path) && !inMemory(target));
  const features = tests.flatMap((test) => test["required-features"] ?? []);
  for (const test of tests) console.log(`--test=${test.name}`);
  for (const feature of features) console.log(`--features=${feature}`);')
[[ -z ${MANIFEST-} ]] || tests=(--manifest-path "$MANIFEST")
((${#tests[@]})) || { echo "test-wasm: Cargo.toml declares no test in tests/wasm/" >&2 && exit 1; }

# The server in memory is a snippet more, with which some of these test programs would have five: docs/two-trips.md, "Constraints".
in_memory=(--test=testing --features=testing)

# run [NAME=value...]: the caller unsets the variable of one driver, so that the runner takes the browser of the other. The tests that
# `wasm-pack test` ignores for want of a server are run, too.
run() {
  env "$@" cargo test --target wasm32-unknown-unknown "${tests[@]}" -- --include-ignored
  [[ -n ${MANIFEST-} ]] || env "$@" cargo test --target wasm32-unknown-unknown "${in_memory[@]}"
}

for host; do
  echo "test-wasm: $host"
  case $host in
    node) run NODE_OPTIONS="--import \"$PWD/tests/wasm/node-globals.mjs\"" ;;
    chromium) run -u GECKODRIVER WASM_BINDGEN_USE_BROWSER=1 ;;
    firefox) run -u CHROMEDRIVER WASM_BINDGEN_USE_BROWSER=1 ;;
    worker-chromium) run -u GECKODRIVER WASM_BINDGEN_USE_DEDICATED_WORKER=1 ;;
    worker-firefox) run -u CHROMEDRIVER WASM_BINDGEN_USE_DEDICATED_WORKER=1 ;;
    *) echo "test-wasm: no such host: $host" >&2 && exit 1 ;;
  esac
done
