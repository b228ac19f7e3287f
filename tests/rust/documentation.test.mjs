// The examples in the documentation of the crate. `make lint` compiles them, except those of the hooks, which this file compiles. It also
// runs the examples that make a client of their own, against a server, and checks that every public name is in an example. The examples of
// the guide, docs/rust.md, run against the server that it shows. It also checks that each item is found by its first sentence. Nothing is
// added to an example: it compiles as a reader pastes it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Server } from "socket.io";
import { FRAMEWORKS } from "./trunk.mjs";

const engineIo = createRequire(import.meta.resolve("socket.io"))("engine.io");
const root = new URL("../../", import.meta.url);
const scratch = new URL("target/documentation/", root);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const path = (url) => fileURLToPath(url);

const modules = ["src/client", "src/frameworks"].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true }).filter((name) => name.endsWith(".rs")).map((name) => `${folder}/${name}`),
);

const RUST = { ".rs": /^(?:no_run[\w,-]*|ignore|)$/, ".md": /^rust(?:,no_run|,ignore)?$/ };

/** Returns the examples of a file, of Markdown or of the comments of a module. rustdoc does not compile those that are for a framework. */
function blocksOf(name) {
  const isRust = name.endsWith(".rs");
  const lines = read(name).split("\n");
  const text = isRust ? lines.map((line) => /^ *\/\/[/!] ?(.*)/.exec(line)?.[1] ?? "").join("\n") : lines.join("\n");
  return [...text.matchAll(/^```(\S*)\n([^]*?)^```$/gm)]
    .filter(([, language]) => RUST[isRust ? ".rs" : ".md"].test(language))
    .map(([, language, code]) => ({ name, code, isForFramework: language.endsWith("ignore") }));
}
const isTest = (code) => code.includes("#[wasm_bindgen_test]");
const examplesOf = (name) => blocksOf(name).map(({ code }) => code);

const blocks = ["README.md", "docs/rust.md", "src/lib.rs", ...modules].flatMap(blocksOf);
const GUIDE = "docs/rust.md";
const programs = blocks.flatMap((block) => {
  const [, main, parameter] = /async fn (\w+)\((|client: &Client)\) -> Result</.exec(block.code) ?? [];
  const takesClient = Boolean(parameter);
  // In the comments of modules, events for a client that is passed in are not those of any server.
  return main && (!takesClient || block.name === GUIDE) ? [{ ...block, main, takesClient }] : [];
});

const manifest = `[package]
name = "documentation"
version = "0.0.0"
edition = "2024"

[workspace]

[lib]
path = "lib.rs"
crate-type = ["cdylib"]

[dependencies]
futures = { version = "0.3", default-features = false }
gloo-console = "0.4"
serde = { version = "1", features = ["derive"] }
serde_bytes = "0.11"
socketio-wasm = { path = ${JSON.stringify(path(root))}, features = ["msgpack", "cbor", "pickle", "testing"] }
wasm-bindgen = "*"
wasm-bindgen-futures = "*"
wasm-bindgen-test = "*" # a test in docs/rust.md
`;

const withClient = (main) => `async {
        let client = Client::builder("http://localhost:3000").connect().await?;
        ${main}(&client).await?;
        client.disconnect().await;
        Ok::<_, Error>(())
    }`;

const example = ({ code, main, takesClient }, number) => `
mod example_${number} {
pub async fn run() -> Result<(), String> {
    ${takesClient ? withClient(main) : `${main}()`}.await.map(drop).map_err(|error| error.to_string())
}
${code}}
`;

/** Returns a crate of all examples. Those of the guide get the URL of its server. */
const crate = (url, guideUrl) => `#![allow(unused)]

#[wasm_bindgen::prelude::wasm_bindgen]
pub async fn run(number: usize) -> Result<(), String> {
    match number {
${programs.map((_, number) => `        ${number} => example_${number}::run().await,`).join("\n")}
        _ => Err("there is no such example".into()),
    }
}
${programs.map((program, number) => example(program, number).replaceAll("http://localhost:3000", program.name === GUIDE ? guideUrl : url)).join("")}`;

/** Starts the server that the guide shows, at a port of its own. */
async function serveGuide() {
  const [[, shown]] = read(GUIDE).matchAll(/^`server\.mjs`.*\n\n```js\n([^]*?)^```$/gm);
  const code = shown.replace('"socket.io"', JSON.stringify(import.meta.resolve("socket.io"))).replace("new Server(3000,", "new Server(0,");
  const file = new URL("server.mjs", scratch);
  writeFileSync(file, `${code}\nexport { io };\n`);
  const shownServer = (await import(file)).io;
  if (!shownServer.httpServer.listening) await once(shownServer.httpServer, "listening");
  return { io: shownServer, url: `http://127.0.0.1:${shownServer.httpServer.address().port}` };
}

/** Acknowledges "add" with the sum, "never" not at all, and every other event with its values. Emits each event back. */
function serve(socket) {
  socket.onAny((event, ...values) => {
    const answer = typeof values.at(-1) === "function" ? values.pop() : () => {};
    if (event === "add") answer(values[0] + values[1]);
    else if (event !== "never") answer(...values);
    socket.emit(event, ...values);
  });
}

function execute(command, parameters, options) {
  return new Promise((resolve, reject) => {
    execFile(command, parameters, { timeout: 900_000, maxBuffer: 1 << 26, ...options }, (error, stdout) => {
      if (error) reject(new Error(`${error.message}\n${stdout}`));
      else resolve(stdout);
    });
  });
}

let io, guide;
before(async () => {
  const http = createServer();
  io = new Server(http);
  io.on("connection", serve);
  io.of("/chat").on("connection", serve);
  io.of("/private").use((_, next) => next(new Error("wrong token")));
  const engine = new engineIo.Server();
  engine.on("connection", (connection) => connection.on("message", (message) => connection.send(message)));
  engine.attach(http, { path: "/engine.io" });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");

  mkdirSync(scratch, { recursive: true });
  writeFileSync(new URL("Cargo.toml", scratch), manifest);
  guide = await serveGuide();
  writeFileSync(new URL("lib.rs", scratch), crate(`http://127.0.0.1:${http.address().port}`, guide.url));
  // The same versions of the dependencies as in the crate.
  copyFileSync(new URL("Cargo.lock", root), new URL("Cargo.lock", scratch));
  const target = path(new URL("target", root));
  const cwd = path(scratch);
  await execute("cargo", ["build", "--quiet", "--target", "wasm32-unknown-unknown"], { cwd, env: { ...process.env, CARGO_TARGET_DIR: target } });
  const wasm = `${target}/wasm32-unknown-unknown/debug/documentation.wasm`;
  await execute("wasm-bindgen", ["--target", "nodejs", "--no-typescript", "--out-dir", "built", wasm], { cwd });
});
after(() => Promise.all([io.close(), guide?.io.close()]));

// The output of the examples of a page, by their main functions.
const PRINTED = {
  "README.md": { main_of_page: ["primes: [2, 3, 5]", "the sum is 42"] },
  "docs/rust.md": {
    talk: ["from Rust", "20 + 22 = 42"],
    events: ["42 hi 7"],
    read: ["7"],
    careful: ["no answer to never"],
    namespaces: ["to those there", "hello true"],
    lasting: ["lost: client disconnect", "over: client disconnect"],
    log_in: ["refused: expired"],
    upload: ["25 %, 0 packets wait", "50 %, 0 packets wait", "75 %, 0 packets wait", "100 %, 0 packets wait", "0 events were lost"],
    typed: ["hello", "20 + 22 = 42"],
    on_node: ["20 + 22 = 42"],
  },
};

test("the examples run one after the other, and their process ends", async () => {
  const program = `
    const { run } = require("./built/documentation.js");
    (async () => {
      for (let number = 0; number < ${programs.length}; number += 1) console.log("ended:", await run(number).then(() => "well", String));
    })();`;
  const websocket = path(new URL("tests/wasm/node-globals.mjs", root));
  const env = { ...process.env, NODE_PATH: path(new URL("pkg/node_modules", root)) }; // of `ws`
  const printed = await execute(process.execPath, ["--import", websocket, "--eval", program], { cwd: path(scratch), env, timeout: 60_000 });
  const outputs = printed.split(/^(ended: .*)\n/m);
  for (const [number, { name, code, main }] of programs.entries()) {
    const [lines, end] = outputs.slice(2 * number);
    assert.equal(end, "ended: well", `${name}: ${code.slice(code.indexOf(`fn ${main}`))}`);
    const expected = PRINTED[name]?.[main];
    if (expected) assert.deepEqual(lines.trimEnd().split("\n"), expected, `${name}: ${main}`);
  }
});

test("the tests of docs/rust.md pass in Node, as they stand there", async () => {
  const [code] = examplesOf("docs/rust.md").filter(isTest);
  mkdirSync(new URL("tests/", scratch), { recursive: true });
  writeFileSync(new URL("tests/chat.rs", scratch), code);
  const env = {
    ...process.env,
    CARGO_TARGET_DIR: path(new URL("target", root)),
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner",
  };
  const printed = await execute("cargo", ["test", "--target", "wasm32-unknown-unknown", "--test", "chat"], { cwd: path(scratch), env });
  assert.match(printed, /2 passed; 0 failed/);
});

test("each document has examples that run", () => {
  for (const [name, mains] of Object.entries(PRINTED)) {
    assert.deepEqual(programs.filter((program) => program.name === name).map(({ main }) => main), Object.keys(mains), name);
  }
  assert.deepEqual(examplesOf("README.md").length, 1, "rustdoc does not compile those of README.md");
  for (const name of ["src/client/mod.rs", "src/client/simple_client.rs", "src/client/engine_client.rs"]) {
    assert.ok(programs.some((program) => program.name === name), name);
  }
});

test("the guide has no link that works in one place only: it is read in the repository, on crates.io and in rustdoc", () => {
  const links = [...read("docs/rust.md").matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)/gm)].map(([, inline, reference]) => inline ?? reference);
  assert.ok(links.length > 10);
  assert.deepEqual(links.filter((link) => !/^(?:https:\/\/|#)/.test(link)), []);
  assert.match(read("src/lib.rs"), /^#\[doc = include_str!\("\.\.\/docs\/rust\.md"\)\]\npub mod guide \{\}$/m);
  assert.match(read("Cargo.toml"), /^readme = "docs\/rust\.md"$/m);
});

test("an example consists of items, and has no hidden line: it compiles as its reader pastes it", () => {
  assert.ok(blocks.length > 100, `${blocks.length}`);
  const HIDDEN = /^\s*#(?: |$)/m;
  const STATEMENT = /^(?:let|if|match|while|for|loop|drop|assert\w*!|\w+\.|use_\w+\()/m;
  assert.deepEqual(blocks.filter(({ code }) => HIDDEN.test(code) || STATEMENT.test(code)).map(({ name, code }) => `${name}: ${code}`), []);
});

/** The examples that rustdoc does not compile, since they are for a framework. */
const unchecked = blocks.filter(({ isForFramework, code }) => isForFramework && !isTest(code));
const isFor = ({ code }, framework) => code.includes(`socketio_wasm::${framework}::`);

test("each example that rustdoc does not compile is for one framework", () => {
  for (const block of unchecked) assert.equal(["yew", "leptos", "dioxus"].filter((framework) => isFor(block, framework)).length, 1, block.code);
});

// The examples of the hooks are compiled with the manifest of their framework's chat.
for (const framework of FRAMEWORKS) {
  test(`the examples of the hooks for ${framework} compile`, async () => {
    const folder = new URL(`target/documentation-${framework}/`, root);
    const manifest = read(`examples/${framework}/Cargo.toml`).replace(`"chat-${framework}"`, `"documentation-${framework}"`);
    const examples = unchecked.filter((block) => isFor(block, framework));
    assert.ok(examples.some(({ name }) => name === "docs/rust.md"));
    const library = examples.map(({ name, code }, number) => `/// ${name}\nmod example_${number} {\n${code}}\n`).join("\n");
    mkdirSync(folder, { recursive: true });
    writeFileSync(new URL("Cargo.toml", folder), `${manifest.replace('"../.."', JSON.stringify(path(root)))}\n[lib]\npath = "lib.rs"\n`);
    writeFileSync(new URL("lib.rs", folder), `#![allow(dead_code, unused_variables)]\n${library}`);
    copyFileSync(new URL(`examples/${framework}/Cargo.lock`, root), new URL("Cargo.lock", folder));
    const env = { ...process.env, CARGO_TARGET_DIR: path(new URL("target/examples", root)), CARGO_PROFILE_DEV_DEBUG: "false" };
    await execute("cargo", ["build", "--quiet", "--target", "wasm32-unknown-unknown"], { cwd: path(folder), env });
  });
}

// The public names: types, traits and their functions; the functions that a macro writes for several types; hooks.
const sources = modules.filter((name) => name !== "src/client/values/fault.rs").map(read).join("\n"); // its `Fault` is private
const exported = read("src/lib.rs") + read("src/client/serializers/mod.rs") + read("src/frameworks/leptos.rs");
const isExported = (name) => new RegExp(`^ *pub use [^;]*\\b${name}\\b`, "m").test(exported);
const types = [...sources.matchAll(/^pub (?:struct|enum|trait) (\w+)/gm)].map(([, name]) => name).filter(isExported);
const implementations = [...sources.matchAll(/^(?:impl(?:<[^{]*?>)?|pub (trait)) (\w+)[^{;]*\{\n([^]*?)^\}/gm)].filter(([, , type]) => types.includes(type));
const functions = [
  ...implementations.flatMap(([, trait, , body]) => [...body.matchAll(trait ? /^ {4}(?:async )?fn (\w+)/gm : /^ {4}pub (?:async )?fn (\w+)/gm)]),
  ...[...sources.matchAll(/^macro_rules! \w+ \{\n([^]*?)^\}/gm)].flatMap(([, body]) => [...body.matchAll(/^ +pub (?:async )?fn (\w+)/gm)]),
  ...modules.filter((name) => name.startsWith("src/frameworks/")).flatMap((name) => [...read(name).matchAll(/^pub (?:async )?fn (\w+)/gm)]),
].map(([, name]) => name);

// Public names that a user need not write.
const NOT_SHOWN = {
  SentAs: "a bound of the arguments of a typed event, which its user meets in messages of the compiler",
  Answers: "likewise, of its answer",
  EventName: "the types of the name of an event, for hooks",
  AnsweredName: "the types of the name of an event that a hook answers",
  event_name: "hidden: the name",
  into_ack: "hidden: how a value becomes an acknowledgement",
};

test("the first sentence of an item does without another item", () => {
  const first = [...sources.matchAll(/(?<!\/\/\/.*\n)^ *\/\/\/ (.*)$/gm)].map(([, sentence]) => sentence);
  assert.ok(first.length > 300, `${first.length}`);
  const REFERS = /^Does the same|^Likewise|^The same|^See |^[^.]*(?:, as \[|,? as that of \[)/;
  assert.deepEqual(first.filter((sentence) => REFERS.test(sentence)), []);
});

test("every public name is in an example", () => {
  const examples = ["src/lib.rs", ...modules].flatMap(examplesOf).join("\n");
  assert.ok(types.length > 20 && functions.length > 100, `${types.length} types, ${functions.length} functions`);
  const isShown = (name) => new RegExp(`\\b${name}\\b`).test(examples);
  const isCalled = (name) => new RegExp(`\\b${name}(::<[^(]*>)?\\(|::${name}\\b`).test(examples);
  const missing = [...types.filter((name) => !isShown(name)), ...functions.filter((name) => !isCalled(name))];
  assert.deepEqual(missing.filter((name) => !(name in NOT_SHOWN)), []);
});
