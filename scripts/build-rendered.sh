#!/usr/bin/env bash
# Builds both halves of an example that a server renders: scripts/build-rendered.sh leptos-ssr
# The files of the page are in target/pages/<example> then, and the server is target/examples/debug/<example>.
set -euo pipefail

example=${1:?"the name of an example: leptos-ssr or dioxus-fullstack"}
# shellcheck source=scripts/env.sh
source "${BASH_SOURCE[0]%/*}/env.sh"
root=$SOCKETIO_WASM_ROOT
page=$root/target/pages/$example

case $example in
  leptos-ssr)
    server=(--features ssr)
    web=(--lib --features hydrate)
    module=debug/leptos_ssr.wasm
    ;;
  dioxus-fullstack)
    server=(--features server)
    web=(--features web --profile web)
    module=web/dioxus-fullstack.wasm
    ;;
  *) echo "no such example: $example (there are: leptos-ssr dioxus-fullstack)" >&2 && exit 1 ;;
esac

cd "$root/examples/$example"
cargo build --quiet "${server[@]}"
cargo build --quiet --target wasm32-unknown-unknown "${web[@]}"

rm -rf "$page"
mkdir -p "$page"
wasm-bindgen --target web --no-typescript --out-dir "$page/pkg" "$root/target/examples/wasm32-unknown-unknown/$module"
cp ../chat/chat.css "$root/www/icon.svg" "$page"
[[ ! -e index.html ]] || cp index.html "$page"
