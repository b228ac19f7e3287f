// Measures the typed values of the crate beside the npm package, which has no types, and beside serde_json with JSON: `make bench-rust`,
// also the end of `make bench`. Each figure is the median of its turns in milliseconds, of the synchronous work for 1 MB of structs.
import "../../tests/wasm/node-globals.mjs";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Client } from "../../pkg/dist/node.mjs";

const require = createRequire(new URL("../../tests/package.json", import.meta.url));
const { Server } = require("socket.io");
const folder = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const ORDERS = 4_200;
const TURNS = 60;
/** The first turns, before the engine has optimised the code. */
const WARM = 15;
/** The crate's time may be so much of serde_json and JSON. */
const TARGET = 1.5;

function build() {
  const target = folder("target/speed");
  const run = (command, ...parameters) => execFileSync(command, parameters, { cwd: folder("benches/rust/speed"), stdio: ["ignore", "ignore", "inherit"] });
  run("cargo", "build", "--quiet", "--release", "--target", "wasm32-unknown-unknown", "--target-dir", target);
  run("wasm-bindgen", "--target", "nodejs", "--no-typescript", "--out-dir", target, `${target}/wasm32-unknown-unknown/release/speed.wasm`);
  return require(`${target}/speed.js`);
}

const { Speed } = build();
const http = createServer();
const io = new Server(http, { maxHttpBufferSize: 1e8 });
io.on("connection", (socket) => socket.on("echo", (orders, answer) => (socket.emit("orders", orders), answer())));
http.listen(0, "127.0.0.1");
await once(http, "listening");
const url = `http://127.0.0.1:${http.address().port}`;
const crate = await Speed.connect(url, ORDERS);
const npm = new Client();
await npm.connect(url);
const orders = crate.echoed();

const WORK = {
  "the crate emits": () => crate.emit(),
  "npm emits": () => npm.emit("orders", orders),
  "serde_json and JSON write": () => JSON.stringify(["orders", JSON.parse(crate.write_json())]),
  "the crate parses": () => crate.parse(),
  "serde_json and JSON read": () => crate.read_json(JSON.stringify(orders)),
};

const times = new Map(Object.keys(WORK).map((name) => [name, []]));
for (let turn = 0; turn < TURNS; turn++) {
  for (const [name, work] of Object.entries(WORK)) {
    const start = performance.now();
    work();
    if (turn >= WARM) times.get(name).push(performance.now() - start);
  }
  await Promise.all([crate.drain(), npm.drain()]);
}
const median = (name) => times.get(name).sort((a, b) => a - b)[(TURNS - WARM) >> 1];
const row = (title, ...cells) => console.log(`| ${[title, ...cells].join(" | ")} |`);
const megabytes = (JSON.stringify(orders).length / 1e6).toFixed(2);

row(`${megabytes} MB of structs, ms`, "the crate", "npm", "serde_json and JSON", "ratio", `target ≤ ${TARGET}`);
row(...Array(6).fill("---"));
for (const [title, own, peer, floor] of [
  ["emit", "the crate emits", "npm emits", "serde_json and JSON write"],
  ["parse", "the crate parses", undefined, "serde_json and JSON read"],
]) {
  const ratio = median(own) / median(floor);
  const shown = (name) => (name ? median(name).toFixed(1) : "");
  row(title, shown(own), shown(peer), shown(floor), ratio.toFixed(2), ratio <= TARGET ? "reached" : "MISSED");
}
process.exit();
