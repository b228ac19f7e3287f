# `make demo` and `make test` work on a machine that has nothing installed yet; what they install is in scripts/setup.sh.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

env := source scripts/env.sh;
wasm32 := --target wasm32-unknown-unknown
# This reporter repeats the failures at the end.
node_test := node --test --test-reporter=spec
setup_parts := $(addprefix setup-,rust fuzz wasm-tools trunk npm npm-tools python browsers cluster)
optional_setup_parts := setup-interop

.PHONY: help setup $(setup_parts) $(optional_setup_parts) demo build release test lint test-native test-random test-fuzz fuzz test-wasm test-package test-page test-interop test-npm test-npm-quick test-rust test-rust-quick size-rust demo-yew demo-leptos demo-dioxus size compare compare-rust bench bench-builds bench-browser bench-native fmt clean

help: ## list these targets
	@sed -nE 's/^([a-z -]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

setup: $(setup_parts) ## install what is missing (15 min on a fresh machine with two cores)

$(setup_parts) $(optional_setup_parts): setup-%:
	@scripts/setup.sh $*

demo: build ## a chat server, a Node client that talks to it, and a page to open: make demo PORT=3000
	@$(env) exec node scripts/demo.mjs

demo-yew demo-leptos demo-dioxus: demo-%: setup-trunk setup-npm ## a chat in Rust, with that framework, to open: make demo-yew PORT=3000
	@$(env) cd examples/$* && trunk build --dist ../../target/pages/$*
	@$(env) PAGE=target/pages/$* exec node scripts/demo-server.mjs

build: setup-wasm-tools setup-npm ## the wasm and the npm package, in pkg/dist; larger if Rust's sources are missing
	@$(env) node pkg/build.mjs $(build_flags)

# The published build, or none: these targets check and measure the package that users get.
release size test bench bench-builds bench-browser: build_flags := --release

release: build size ## the package that is published, as a .tgz in pkg/; needs the standard library's source (rust-src)
	@$(env) cd pkg && npm pack --silent

# The shortest come first, so that a fault shows early.
test: lint test-native test-fuzz size test-package test-wasm test-page test-npm-quick test-rust-quick ## every check below

lint: setup-fuzz setup-npm ## prose, formatting, clippy on native and on wasm32, the crate's documentation, the fuzz targets
	@$(env) node --test --test-reporter=dot scripts/style/style.test.mjs
	@$(env) node scripts/check-style.mjs
	@$(env) node scripts/tables.mjs --check
	@$(env) pkg/node_modules/.bin/tsc -p pkg
	@$(env) cargo fmt --check
	@$(env) cargo fmt --check --manifest-path fuzz/Cargo.toml
	@$(env) cargo clippy --all-targets -- -D warnings
	@$(env) cargo clippy $(wasm32) --all-targets -- -D warnings
	@$(env) cargo clippy $(wasm32) --features js -- -D warnings
	@$(env) cargo clippy $(wasm32) --all-targets --all-features -- -D warnings
	@$(env) RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps $(wasm32) --all-features
	@$(env) cargo clippy --quiet --manifest-path fuzz/Cargo.toml --target-dir target/fuzz --all-targets -- -D warnings
	@scripts/fuzz.sh build
	@# The examples of the documentation are compiled here; tests/rust/documentation.test.mjs runs them.
	@$(env) CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=true cargo test --quiet --doc $(wasm32) --features msgpack,cbor,pickle

test-native: setup-rust ## protocol and state machines, in virtual time; 20,000 schedules at random of each kind
	@$(env) cargo test
	@$(MAKE) --no-print-directory test-random

test-random: setup-rust ## sessions on schedules at random: make test-random CASES=500000 (10 min), or one again: SEED=123
	@$(env) CASES=$(or $(CASES),20000) SEED=$(SEED) cargo test --quiet --profile random --test machines faults

test-fuzz: setup-fuzz ## decoders and session under libFuzzer, 30 s each
	@scripts/fuzz.sh run 30

fuzz: setup-fuzz ## the same for longer, continuing the last run: make fuzz TIME=3600 TARGETS=session
	@scripts/fuzz.sh search $(or $(TIME),600) $(TARGETS)

test-wasm: setup-wasm-tools setup-npm setup-python setup-browsers ## the wasm shell in Node, browsers and workers: make test-wasm HOSTS="node firefox"
	@scripts/test-wasm.sh $(HOSTS)

test-package: build setup-python setup-cluster ## the packed npm package in Node, against real servers, the commonest of those of test-interop among them
	@$(env) $(node_test) --test-concurrency=4 tests/package/*.test.mjs tests/interop/*.test.mjs

test-interop: build setup-interop setup-cluster setup-browsers ## every server and hosting (3 min; `make test` leaves the rarer ones out)
	@$(env) cargo build --quiet --manifest-path tests/servers/socketioxide/Cargo.toml --target-dir target/socketioxide
	@$(env) INTEROP=all $(node_test) --test-concurrency=2 tests/interop/*.test.mjs tests/page/old-servers.test.mjs

test-page: build setup-browsers setup-python ## the demo's page in Chromium, a page of another origin, and one that talks to old servers
	@$(env) $(node_test) tests/page/*.test.mjs

test-npm: build setup-npm-tools setup-browsers setup-python ## the packed package in every runtime, bundler and test runner
	@$(env) $(node_test) --test-concurrency=2 tests/npm/*.test.mjs

test-npm-quick: build setup-npm-tools setup-browsers setup-python ## the same in the commonest of them
	@$(env) $(node_test) --test-concurrency=2 tests/npm/{bundled-program,bun,deno,node,published,source-maps,vite}.test.mjs

test-rust: setup-trunk setup-npm setup-browsers size-rust ## the crate with Yew, Leptos and Dioxus, in Chromium and Firefox; its published files
	@$(env) $(node_test) --test-concurrency=1 tests/rust/*.test.mjs
	@CARGO_TARGET_DIR=target/examples CARGO_PROFILE_DEV_DEBUG=0 MANIFEST=tests/rust/hooks/Cargo.toml scripts/test-wasm.sh chromium
	@$(env) cargo package --quiet --allow-dirty $(wasm32)

test-rust-quick: setup-trunk setup-npm setup-browsers ## the same with Yew alone
	@$(env) FRAMEWORKS=yew $(node_test) --test-concurrency=1 tests/rust/*.test.mjs

size-rust: setup-wasm-tools setup-npm ## growth of a Rust frontend by the crate; fails if one has outgrown its ceiling
	@$(env) node scripts/size-rust.mjs

size: build ## sizes of the package and of small applications; fails if one has outgrown its ceiling
	@$(env) node scripts/size.mjs

compare: build setup-python ## a table of the losses of this client and of socket.io-client
	@$(env) node benches/losses.mjs

compare-rust: setup-wasm-tools setup-npm ## the crate and rust_socketio on traps that clients in Rust fell into, as a table
	@$(env) node benches/rust/run.mjs

bench: build setup-python ## this client beside socket.io-client, as a table: make bench ROWS=emit,call ROUNDS=3
	@$(env) node benches/speed/run.mjs

bench-builds: build setup-python ## compares two builds of this package in one run: make bench-builds OLD=<a copy of an older pkg/dist> ROWS=emit
	@$(env) OLD="$(OLD)" node benches/speed/two-builds.mjs

bench-native: setup-rust ## growth of the cost of codecs and machines, natively: make bench-native ONLY=calls
	@$(env) cargo bench $(if $(ONLY),-- "$(ONLY)")

bench-browser: build setup-browsers ## the same in headless Chromium
	@$(env) node benches/speed/browser.mjs

fmt: setup-rust ## format the Rust code
	@$(env) cargo fmt

clean: ## remove build results (installed tools stay)
	@rm -rf target pkg/wasm pkg/dist
