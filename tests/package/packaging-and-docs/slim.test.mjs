// socketio-wasm/slim: a client whose wasm module the program loads.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { after, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { api, folder } from "../../support/installed.mjs";
import { listen } from "../../support/listen.mjs";
import { sharedServer } from "../../support/shared-server.mjs";

const require = createRequire(join(folder, "commonjs.cjs"));
const WASM = require.resolve("socketio-wasm/slim.wasm");
const SCRIPT = require.resolve("socketio-wasm/slim");

/** Loads the entry again, without a wasm module. */
function fresh() {
  delete require.cache[SCRIPT];
  return require("socketio-wasm/slim");
}

const server = sharedServer("npm");

async function converse({ Client }) {
  const client = new Client();
  await client.connect(server.url);
  const answer = await client.call("echo", "hello", new Uint8Array([1, 2]));
  await client.disconnect();
  assert.equal(answer[0], "hello");
  assert.deepEqual([...answer[1]], [1, 2]);
}

describe("socketio-wasm/slim works", () => {
  const scripts = mkdtempSync(join(folder, "slim-"));
  after(() => rmSync(scripts, { recursive: true }));
  const run = (name, source) => {
    writeFileSync(join(scripts, name), source);
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(scripts, name), server.url], { encoding: "utf8", timeout: 30_000 });
    assert.equal(status, 0, stderr);
    assert.equal(stdout, "hello\n");
  };
  const WORK = `
    const client = new Client();
    await client.connect(process.argv[2]);
    console.log(await client.call("echo", "hello"));
    await client.disconnect();`;

  test("in a program that imports it", () => run("esm.mjs", `import { init, Client } from "socketio-wasm/slim"; await init();${WORK}`));
  test("in a program that requires it", () => run("commonjs.cjs", `const { init, Client } = require("socketio-wasm/slim"); init().then(async () => {${WORK}});`));
});

test("[NOT_INITIALIZED] a client before init() is refused, with an error that says what to do", () => {
  const { Client, SocketIOError } = fresh();
  assert.throws(() => new Client(), (error) => {
    assert.ok(error instanceof SocketIOError);
    assert.equal(error.code, "NOT_INITIALIZED");
    assert.equal(error.fault, "misuse");
    assert.match(error.message, /`await init\(\)`/);
    return true;
  });
});

test("it exports everything that socketio-wasm exports except the other two clients, and the functions that load the module", () => {
  const others = Object.keys(api).filter((name) => name !== "SimpleClient" && name !== "EngineClient");
  assert.deepEqual(Object.keys(fresh()).sort(), [...others, "init", "initSync"].sort());
});

describe("init() accepts", () => {
  const bytes = () => readFileSync(WASM);
  const sources = {
    "nothing, and loads the file beside the script": () => undefined,
    "the URL of a file": () => pathToFileURL(WASM),
    "the URL of a file as a string": () => pathToFileURL(WASM).href,
    "an absolute path": () => WASM,
    "a path relative to the current folder": () => relative(process.cwd(), WASM),
    "bytes": bytes,
    "an ArrayBuffer": () => new Uint8Array(bytes()).buffer,
    "a compiled module": () => new WebAssembly.Module(bytes()),
    "a compiled module of another realm": () => new (runInNewContext("WebAssembly.Module"))(bytes()),
    "a Response, which is compiled while it arrives": () => new Response(bytes(), { headers: { "content-type": "application/wasm" } }),
    "an object like a Response": () => ({ arrayBuffer: async () => new Uint8Array(bytes()).buffer, headers: new Headers({ "content-type": "application/wasm" }) }),
    "a Response of another type": () => new Response(bytes(), { headers: { "content-type": "text/plain" } }),
    "a promise of a source": async () => new Response(bytes()),
  };
  for (const [title, source] of Object.entries(sources)) {
    test(title, async () => {
      const slim = fresh();
      assert.equal(await slim.init(source()), undefined);
      await converse(slim);
    });
  }

  test("the address of a server", async (t) => {
    const files = await listen(t, (request, response) => response.end(bytes()));
    const slim = fresh();
    await slim.init(`${files.url}/slim.wasm`);
    await converse(slim);
  });
});

test("repeated and concurrent calls of init() make one module", async () => {
  const slim = fresh();
  let asked = 0;
  const source = { arrayBuffer: async () => (asked++, new Uint8Array(readFileSync(WASM)).buffer) };
  await Promise.all([slim.init(source), slim.init(source), slim.init()]);
  const client = new slim.Client();
  await slim.init(source);
  slim.initSync({ module: readFileSync(WASM) });
  assert.equal(asked, 1);
  assert.equal(client.state, "disconnected"); // with the module that it was made with
  await converse(slim);
});

test("initSync() during init() makes one module, and its clients go on", async () => {
  const slim = fresh();
  const loading = slim.init();
  slim.initSync({ module: readFileSync(WASM) });
  const client = new slim.Client();
  await client.connect(server.url);
  await loading;
  assert.equal(await client.call("echo", "hello"), "hello");
  await client.disconnect();
});

test("[MODULE_UNAVAILABLE] init() rejects with the cause if loading fails, and may be called again", async (t) => {
  const slim = fresh();
  const files = await listen(t, (request, response) => response.writeHead(404).end("<!doctype html>"));
  const { ConnectionError } = slim;
  await assert.rejects(slim.init(files.url), (error) => {
    assert.ok(error instanceof ConnectionError);
    assert.equal(error.code, "MODULE_UNAVAILABLE");
    assert.equal(error.fault, "network");
    assert.match(error.message, /status 404/);
    return true;
  });
  await assert.rejects(slim.init(new Response("<!doctype html>")), (error) => {
    assert.equal(error.code, "MODULE_UNAVAILABLE");
    assert.ok(error.cause instanceof WebAssembly.CompileError);
    return true;
  });
  await assert.rejects(slim.init(17), { code: "MODULE_UNAVAILABLE" });
  assert.throws(() => new slim.Client(), { code: "NOT_INITIALIZED" });
  await slim.init();
  await converse(slim);
});

describe("init() refuses a module that was not built with the script", () => {
  const bytes = readFileSync(WASM);
  const mark = Buffer.from("socketio-wasm");
  const otherBuild = Buffer.from(bytes);
  otherBuild.write("00000000", bytes.lastIndexOf(mark) + mark.length);
  const modules = {
    "one of another build": [otherBuild, /of another build of socketio-wasm than the script/],
    "the one of socketio-wasm": [readFileSync(join(SCRIPT, "..", "socketio_wasm_bg.wasm")), /of another build of socketio-wasm than the script/],
    "an empty one": [new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]), /not a module of socketio-wasm/],
  };
  for (const [title, [module, message]] of Object.entries(modules)) {
    test(title, async () => {
      const slim = fresh();
      await assert.rejects(slim.init(module), { code: "MODULE_UNAVAILABLE", message });
      assert.throws(() => slim.initSync({ module }), { code: "MODULE_UNAVAILABLE", message });
      assert.throws(() => new slim.Client(), { code: "NOT_INITIALIZED" });
      await slim.init();
      await converse(slim);
    });
  }
});

test("initSync() refuses other arguments", () => {
  const slim = fresh();
  for (const options of [undefined, null, {}, { module: "slim.wasm" }, readFileSync(WASM)]) {
    assert.throws(() => slim.initSync(options), (error) => {
      assert.ok(error instanceof slim.InvalidArgumentError);
      assert.equal(error.code, "INVALID_OPTION");
      assert.match(error.message, /`module`/);
      return true;
    });
  }
  assert.throws(() => slim.initSync({ module: new Uint8Array(8) }), (error) => {
    assert.ok(error instanceof slim.ConnectionError);
    assert.equal(error.code, "MODULE_UNAVAILABLE");
    assert.ok(error.cause instanceof WebAssembly.CompileError);
    return true;
  });
  slim.initSync({ module: readFileSync(WASM) });
  assert.equal(new slim.Client().state, "disconnected");
});

test("init() rejects with the cause if a Response of type application/wasm contains no module", async () => {
  const slim = fresh();
  const response = new Response(new Uint8Array(8), { headers: { "content-type": "application/wasm" } });
  await assert.rejects(slim.init(response), (error) => error.code === "MODULE_UNAVAILABLE" && error.cause instanceof WebAssembly.CompileError);
});
