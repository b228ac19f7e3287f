# `make demo` and `make test` work on a machine that has nothing installed yet. scripts/setup.sh installs what they need.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

env := source scripts/env.sh;
wasm32 := --target wasm32-unknown-unknown
# This reporter repeats the failures at the end.
node_test := node --test --test-reporter=spec
# The tests of the package, in folders by behaviour.
package_tests = $$(find tests/package -name '*.test.mjs' -not -path '*/node_modules/*' | sort)
setup_parts := $(addprefix setup-,rust fuzz wasm-tools trunk npm npm-tools python browsers cluster)
optional_setup_parts := setup-interop

.PHONY: help setup $(setup_parts) $(optional_setup_parts) demo build quick release test test-all lint test-native test-random test-fuzz fuzz test-wasm test-wasm-pack test-package test-package-plain test-page test-interop test-npm test-npm-quick test-rust test-rust-quick size-rust demo-yew demo-leptos demo-dioxus demo-leptos-ssr demo-dioxus-fullstack size build-savings compare compare-rust bench bench-rust bench-builds bench-browser bench-native fmt clean

help: ## Lists these targets.
	@sed -nE 's/^([a-z -]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

setup: $(setup_parts) ## Installs what is missing (16 min on a fresh machine with two cores).

$(setup_parts) $(optional_setup_parts): setup-%:
	@scripts/setup.sh $*

demo: build ## Starts a chat server, a Node client that talks to it, and a page to open: make demo PORT=3000
	@$(env) exec node scripts/demo.mjs

demo-yew demo-leptos demo-dioxus: demo-%: setup-trunk setup-npm ## Starts a chat in Rust with that framework, to open: make demo-yew PORT=3000
	@$(env) cd examples/$* && trunk build --dist ../../target/pages/$*
	@$(env) PAGE=target/pages/$* exec node scripts/demo-server.mjs

demo-leptos-ssr demo-dioxus-fullstack: demo-%: setup-wasm-tools ## Starts a chat in Rust that a server renders, to open: make demo-leptos-ssr PORT=3000
	@$(env) scripts/build-rendered.sh $*
	@PORT=$(or $(PORT),3000) PAGE=target/pages/$* DIOXUS_PUBLIC_PATH=target/pages/$* exec target/examples/debug/$*

build: setup-wasm-tools setup-npm ## Builds the wasm and the npm package, in pkg/dist. Without the source of Rust's standard library the package is larger.
	@$(env) node pkg/build.mjs $(build_flags)

# These targets check and measure what users get: the published package, or none.
release size test test-all bench bench-rust bench-builds bench-browser: build_flags := --release

# The fast loop for work on the Rust code.
TESTS ?= $(shell find tests/package -name round-trips.test.mjs -o -name calls.test.mjs -o -name connect-and-disconnect.test.mjs)
quick: setup-wasm-tools setup-npm setup-python ## Runs the machines' tests, builds the package without optimisation, and tests it in Node (under a minute after a change of one Rust file): make quick TESTS=tests/package/node/tls.test.mjs
	@$(env) cargo test --quiet --test machines
	@$(env) node pkg/build.mjs --debug
	@$(env) node --test --test-reporter=dot $(TESTS)

release: build size ## Packs the package that is published, as a .tgz in pkg/. This needs the source of Rust's standard library (rust-src).
	@$(env) cd pkg && npm pack --silent

# The fastest checks come first, so that a fault shows early.
test: lint test-native test-fuzz size test-package test-wasm test-wasm-pack test-page test-npm-quick test-rust-quick ## Runs the checks that continuous integration runs (under 20 min after `make setup`).

# The plain package comes last, since it replaces the one that the other targets test.
test-all: test test-interop test-npm test-rust test-package-plain ## Runs every check there is: `make test`, and everything that it leaves out.

lint: setup-fuzz setup-npm ## Checks prose, types, formatting, clippy on native and on wasm32, the crate's documentation, and the fuzz targets.
	@$(env) node --test --test-reporter=dot scripts/style/style.test.mjs
	@$(env) node scripts/check-style.mjs
	@$(env) node scripts/tables.mjs --check
	@$(env) node scripts/snippets.mjs --check
	@$(env) pkg/node_modules/.bin/tsc -p pkg
	@$(env) cargo fmt --all --check
	@$(env) cargo fmt --check --manifest-path fuzz/Cargo.toml
	@$(env) cargo clippy --all-targets -- -D warnings
	@$(env) cargo clippy $(wasm32) --all-targets -- -D warnings
	@$(env) cargo clippy $(wasm32) --package socketio-wasm-core -- -D warnings
	@# The tests that need a server are no part of --all-targets (`test = false`).
	@$(env) cargo clippy $(wasm32) --lib --bins --examples --benches --test '*' --all-features -- -D warnings
	@$(env) RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps $(wasm32) --all-features
	@$(env) cargo clippy --quiet --manifest-path fuzz/Cargo.toml --target-dir target/fuzz --all-targets -- -D warnings
	@scripts/fuzz.sh build
	@# This compiles the examples of the documentation; tests/rust/documentation.test.mjs runs them.
	@$(env) CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=true cargo test --quiet --doc $(wasm32) --features msgpack,cbor,pickle,testing

test-native: setup-rust ## Tests the protocol and the state machines in virtual time, with 20,000 random schedules of each kind.
	@$(env) cargo test
	@$(MAKE) --no-print-directory test-random

test-random: setup-rust ## Tests sessions on random schedules: make test-random CASES=500000 (10 min). SEED=123 repeats one.
	@$(env) CASES=$(or $(CASES),20000) SEED=$(SEED) cargo test --quiet --profile random --test machines faults

test-fuzz: setup-fuzz ## Runs decoders and session under libFuzzer, 30 s each.
	@scripts/fuzz.sh run 30

fuzz: setup-fuzz ## Fuzzes for longer, from where the last search ended: make fuzz TIME=3600 TARGETS=session
	@scripts/fuzz.sh search $(or $(TIME),600) $(TARGETS)

test-wasm: setup-wasm-tools setup-npm setup-python setup-browsers ## Tests the Rust client and the wasm shell against servers, in Node, browsers and workers: make test-wasm HOSTS="node firefox"
	@scripts/test-wasm.sh $(HOSTS)

test-wasm-pack: setup-wasm-tools setup-npm setup-browsers ## Tests `wasm-pack build` of the raw core (docs/raw-core.md), and `wasm-pack` in the root.
	@$(env) $(node_test) --test-concurrency=1 tests/wasm-pack/*.test.mjs

test-package: build setup-python setup-cluster ## Tests the packed npm package in Node against the commonest real servers.
	@$(env) $(node_test) --test-concurrency=4 $(package_tests) tests/interop/*.test.mjs

test-package-plain: setup-wasm-tools setup-npm setup-python setup-cluster ## Runs the same tests of the package with a build that rewrites no file, and leaves this build in pkg/dist.
	@$(env) node pkg/build.mjs --plain
	@$(env) $(node_test) --test-concurrency=4 $(package_tests)

test-interop: build setup-interop setup-cluster setup-browsers ## Tests the package against every server and hosting there is (3 min).
	@$(env) cargo build --quiet --manifest-path tests/servers/socketioxide/Cargo.toml --target-dir target/socketioxide
	@$(env) INTEROP=all $(node_test) --test-concurrency=2 tests/interop/*.test.mjs tests/page/old-servers.test.mjs

test-page: build setup-browsers setup-python ## Tests pages in Chromium: the demo, a page of another origin, and one that talks to old servers.
	@$(env) $(node_test) tests/page/*.test.mjs

test-npm: build setup-npm-tools setup-browsers setup-python ## Tests the packed package in every runtime, bundler and test runner.
	@$(env) $(node_test) --test-concurrency=2 tests/npm/*.test.mjs

test-npm-quick: build setup-npm-tools setup-browsers setup-python ## Tests the packed package in the commonest runtimes and bundlers.
	@$(env) $(node_test) --test-concurrency=2 tests/npm/{bundled-program,bun,deno,in-memory,node,published,react,source-maps,vite}.test.mjs

test-rust: setup-trunk setup-npm setup-browsers size-rust ## Tests the crate with Yew, Leptos and Dioxus in Chromium and Firefox, rendered on a server as well, and the crate as it is published.
	@$(env) $(node_test) --test-concurrency=1 tests/rust/*.test.mjs
	@CARGO_TARGET_DIR=target/examples CARGO_PROFILE_DEV_DEBUG=0 MANIFEST=tests/rust/hooks/Cargo.toml scripts/test-wasm.sh chromium
	@$(env) cargo package --quiet --allow-dirty $(wasm32)

test-rust-quick: setup-trunk setup-npm setup-browsers ## Tests the crate with Yew alone.
	@$(env) FRAMEWORKS=yew $(node_test) --test-concurrency=1 tests/rust/*.test.mjs

size-rust: setup-wasm-tools setup-npm ## Prints how much larger the crate makes a frontend in Rust. Fails if one is larger than its ceiling.
	@$(env) node scripts/size-rust.mjs

size: build ## Prints how large the package and small applications are. Fails if one is larger than its ceiling.
	@$(env) node scripts/size.mjs

build-savings: setup-wasm-tools setup-npm ## Prints how many bytes each step of the build saves (15 min): make build-savings STEPS="terser wasm-opt"
	@$(env) node scripts/build-savings.mjs $(STEPS)

compare: build setup-python ## Prints a table of what arrives with this client and with socket.io-client.
	@$(env) node benches/losses.mjs

compare-rust: setup-wasm-tools setup-npm ## Prints a table of the crate and rust_socketio in situations where Rust clients failed.
	@$(env) node benches/rust/run.mjs

bench: build setup-python ## Prints a table of this client beside socket.io-client, and one of the crate: make bench ROWS=emit,call ROUNDS=3
	@$(env) node benches/speed/run.mjs
	@$(env) node benches/rust/speed.mjs

bench-rust: build ## Prints the table of the crate alone: typed values beside the npm package, and beside serde_json with JSON.
	@$(env) node benches/rust/speed.mjs

bench-builds: build setup-python ## Compares two builds of this package in one run: make bench-builds OLD=<a copy of an older pkg/dist> ROWS=emit
	@$(env) OLD="$(OLD)" node benches/speed/two-builds.mjs

bench-native: setup-rust ## Prints how the cost of codecs and machines grows, natively: make bench-native ONLY=calls
	@$(env) cargo bench $(if $(ONLY),-- "$(ONLY)")

bench-browser: build setup-browsers ## Prints the table of `make bench` for headless Chromium.
	@$(env) node benches/speed/browser.mjs

fmt: setup-rust ## Formats the Rust code.
	@$(env) cargo fmt --all

clean: ## Removes what was built, and leaves what was installed.
	@rm -rf target pkg/wasm pkg/dist pkg/core/pkg
