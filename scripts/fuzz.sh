#!/usr/bin/env bash
# Builds the fuzz targets of fuzz/ and runs them, as many at a time as there are cores. Without a target named, all of them:
#   scripts/fuzz.sh build
#   scripts/fuzz.sh run <seconds> [target...]      begins with the committed seeds alone, and forgets the inputs that it finds
#   scripts/fuzz.sh search <seconds> [target...]   begins with the inputs of earlier searches too, and adds to them: fuzz/corpus/
#   scripts/fuzz.sh repeat <target> <file>...      runs a target once with each of these inputs
#   scripts/fuzz.sh distil <target>...             makes the seeds the fewest short inputs of seeds and corpus that reach as much code
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}/.."
source scripts/env.sh

# A pass of LLVM shows libFuzzer the code that an input reaches. Every rustc has this pass, so no nightly compiler is needed.
# The sanitizers would need one, but they look for errors that a crate without unsafe code cannot have.
flags=(
  -Cpasses=sancov-module
  -Cllvm-args=-sanitizer-coverage-level=4
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
  -Cllvm-args=-sanitizer-coverage-pc-table
  -Cllvm-args=-sanitizer-coverage-trace-compares
)
host=$(rustc -vV | sed -n 's/^host: //p')
programs=target/fuzz/$host/release

build() { # --target keeps these flags away from build scripts and macros
  env -u CARGO_ENCODED_RUSTFLAGS RUSTFLAGS="${flags[*]}" \
    cargo build --quiet --release --bins --manifest-path fuzz/Cargo.toml --target-dir target/fuzz --target "$host"
}

# fuzz <target>: new inputs go to a folder of that name in $corpus.
fuzz() {
  local target=$1 log=target/fuzz/$1.log found=$corpus/$1
  mkdir -p "$found" "fuzz/artifacts/$target"
  if "$programs/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1024 -artifact_prefix="fuzz/artifacts/$target/" \
    "$found" "fuzz/seeds/$target" &>"$log"; then
    sed -n "s|^Done \([0-9]*\) runs.*|fuzz: $target takes \1 inputs|p" "$log"
  else
    tail -n 60 "$log"
    sed -n "s|.*Test unit written to \(.*\)|fuzz: $target fails; again: scripts/fuzz.sh repeat $target \1|p" "$log"
    return 1
  fi >&2
}

distil() {
  local target=$1 fewest
  fewest=$(mktemp -d)
  mkdir -p "fuzz/corpus/$target"
  "$programs/$target" -set_cover_merge=1 -use_counters=0 -max_len=48 "$fewest" "fuzz/seeds/$target" "fuzz/corpus/$target" &>"target/fuzz/$target.log"
  rm -rf "fuzz/seeds/$target"
  mkdir "fuzz/seeds/$target"
  cp "$fewest"/* "fuzz/seeds/$target"
  rm -r "$fewest"
}

command=${1-} corpus=fuzz/corpus
shift || true
case $command in
  run | search)
    export seconds=${1:?for how many seconds?}
    shift
    ;;
  build | repeat | distil) ;;
  *) sed -n '2,/^set/{/^#/s/^# \?//p}' "$0" >&2 && exit 2 ;;
esac
build
case $command in
  repeat) exec "$programs/$1" "${@:2}" ;;
  distil) for target; do distil "$target"; done ;;
  run | search)
    # Each target is a file.
    (($#)) || mapfile -t targets < <(basename --suffix=.rs fuzz/fuzz_targets/*.rs)
    targets+=("$@")
    if [[ $command == run ]]; then
      corpus=target/fuzz/corpus
      rm -rf "$corpus"
    fi
    export corpus programs
    export -f fuzz
    printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -c 'fuzz {}'
    ;;
esac
