#!/usr/bin/env bash
# Builds the standard library for wasm32 with Debian's rustc, from the source in rust-web-src: scripts/debian-std.sh <folder>
# The folder must exist. It receives the libraries, and a file `built-by` with the only compiler that can link them.
set -euo pipefail

libraries=$(cd "$1" && pwd)
crate=$(mktemp -d)
trap 'rm -r "$crate"' EXIT

# An empty crate: only its dependencies are wanted.
mkdir "$crate/src"
touch "$crate/src/lib.rs"
printf '[package]\nname = "nothing"\nversion = "0.0.0"\nedition = "2021"\n' >"$crate/Cargo.toml"
cd "$crate"

PATH=/usr/bin:$PATH # before rustup's cargo and rustc
unset RUSTC RUSTC_WRAPPER RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR
export RUSTC_BOOTSTRAP=1 # -Zbuild-std is for nightly compilers otherwise
cargo build --release --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort,panic_unwind,test,proc_macro

rm target/wasm32-unknown-unknown/release/deps/libnothing-*.rlib
cp target/wasm32-unknown-unknown/release/deps/*.rlib "$libraries"
rustc -vV >"$libraries/built-by"
