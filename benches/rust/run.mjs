// Compares this crate with rust_socketio on traps that clients in Rust fell into: one server, one run, a table. `make compare-rust`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(new URL("../../tests/package.json", import.meta.url));
const { Server } = require("socket.io");
const root = fileURLToPath(new URL("../..", import.meta.url));

/** The server holds its answers until this many calls wait: the number that each client makes at once. */
const CALLS = 200;
/** Milliseconds in which a client must answer. */
const PATIENCE = 1_000;
/** Milliseconds for one client's whole run, including its build. */
const RUN = 600_000;

/** The traps: their names in the programs, and their titles in the table. */
const TRAPS = {
  namespaces: "`/` and `/chat`: connections of one client for both",
  answering: "the server asks for an acknowledgement: what it got",
  nested: "`{ name, bytes }` with 2 bytes of binary, received",
  several: "three binaries of 1, 2 and 3 bytes, received",
  "binary call": "a call with 3 bytes, answered by their number",
  bare: "an event without arguments, received",
  "many calls": `${CALLS} calls under way at once`,
  "call within answer": "a call, and another one when it is answered",
  "early emits": "3 events emitted before the server has let the client in",
  "lost answer": "a call with a limit of 500 ms that is never answered",
};

/** Starts a server with these traps, for one client. */
async function listen() {
  const http = createServer();
  const io = new Server(http);
  let early = 0;
  const held = [];
  const serve = (socket) => {
    const handlers = {
      engines: (_, answer) => answer(io.engine.clientsCount),
      ask: () => {
        const answered = (error, ...answers) => socket.emit("answered", error ? error.message : answers[0]);
        socket.timeout(PATIENCE).emit("question", 1, answered);
      },
      nested: () => socket.emit("nested", { name: "a", bytes: Buffer.from([1, 2]) }),
      several: () => socket.emit("several", Buffer.alloc(1, 1), Buffer.alloc(2, 2), Buffer.alloc(3, 3)),
      size: (bytes, answer) => answer(bytes.length),
      bare: () => socket.emit("bare"),
      hold: (value, answer) => {
        held.push(() => answer(value));
        if (held.length === CALLS) for (const answerOne of held.splice(0)) answerOne();
      },
      echo: (value, answer) => answer(value),
      early: () => early++,
      earlies: (_, answer) => answer(early),
      never: () => {},
    };
    for (const [event, handler] of Object.entries(handlers)) socket.on(event, handler);
  };
  io.on("connection", serve);
  io.of("/chat").on("connection", serve);
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  return { url: `http://127.0.0.1:${http.address().port}`, close: () => io.close() };
}

/** Runs a program, and returns its line for each trap. */
async function outcomes(command, environment) {
  const server = await listen();
  try {
    const [program, ...parameters] = command(server.url);
    const client = spawn(program, parameters, {
      cwd: root,
      env: { ...process.env, ...environment, SERVER: server.url },
      stdio: ["ignore", "pipe", "inherit"],
      timeout: RUN,
    });
    let said = "";
    client.stdout.on("data", (text) => (said += text));
    const [status] = await once(client, "close");
    if (status !== 0) throw new Error(`${command(server.url).join(" ")} ended with ${status}:\n${said}`);
    const lines = said.split("\n").map((line) => line.trim().split("\t"));
    const outcome = new Map(lines.filter(([trap, words]) => trap in TRAPS && words));
    for (const trap of Object.keys(TRAPS)) if (!outcome.has(trap)) throw new Error(`nothing was said of "${trap}":\n${said}`);
    return outcome;
  } finally {
    server.close();
  }
}

const run = "cargo run --quiet --locked --manifest-path benches/rust/Cargo.toml --target-dir target/compare --".split(" ");
const native = await outcomes((url) => [...run, url], {
  RUST_BACKTRACE: "0", // it does panic, and its message is enough
});
const wasm = await outcomes(() => "cargo test --target wasm32-unknown-unknown --test compared -- --nocapture".split(" "), {
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner",
  WASM_BINDGEN_TEST_TIMEOUT: "120", // seconds
  NODE_OPTIONS: `--import ${JSON.stringify(new URL("../../tests/wasm/node-globals.mjs", import.meta.url).href)}`,
});

console.log(`npm socket.io ${require("socket.io/package.json").version}, Node ${process.version}\n`);
console.log("| | rust_socketio 0.6.0 | socketio-wasm |\n|---|---|---|");
for (const [trap, name] of Object.entries(TRAPS)) {
  const cells = [native, wasm].map((outcome) => `\`${outcome.get(trap).replaceAll("|", "\\|").replaceAll("`", "'")}\``);
  console.log(`| ${name} | ${cells.join(" | ")} |`);
}
