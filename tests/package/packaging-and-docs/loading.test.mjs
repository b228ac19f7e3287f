// Loading the package by import and by require; the files of the package; the end of a process.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { api, folder } from "../../support/installed.mjs";
import { startServer } from "../../support/server.mjs";

const installed = join(folder, "node_modules/socketio-wasm");
const scripts = mkdtempSync(join(folder, "scripts-"));
let server;
before(async () => {
  server = await startServer({ after: () => {} }, "npm");
});
after(async () => {
  rmSync(scripts, { recursive: true });
  await server.kill();
});

// Runs a script until it ends. A script that something keeps alive fails after 30 s.
function run(name, source) {
  writeFileSync(join(scripts, name), source);
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(scripts, name), server.url], { encoding: "utf8", timeout: 30_000 });
  assert.equal(status, 0, `status ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

const WORK = `
  const client = new Client();
  client.connect(process.argv[2])
    .then(() => client.call("echo", "hello"))
    .then((answer) => (console.log(answer), client.disconnect()));`;

test("[C14] import makes Client available without an await", () => {
  assert.equal(run("esm.mjs", `import { Client } from "socketio-wasm";${WORK}`), "hello\n");
});

test("[C14] require makes Client available without an await", () => {
  assert.equal(run("commonjs.cjs", `const { Client } = require("socketio-wasm");${WORK}`), "hello\n");
});

/** Entries, by the expression that loads each in an ES module. */
const from = (file) => JSON.stringify(pathToFileURL(join(installed, "dist", file)).href);
const required = (file) => `(await import("node:module")).createRequire(${from(file)})(${JSON.stringify(`./${file}`)})`;
const ENTRIES = {
  "node.mjs": `await import(${from("node.mjs")})`,
  "node.cjs": required("node.cjs"),
  "jsdom.cjs": required("jsdom.cjs"),
  "browser.js": `await import(${from("browser.js")})`,
  "browser.cjs": required("browser.cjs"),
  "browser.global.js": `(0, eval)((await import("node:fs")).readFileSync(new URL(${from("browser.global.js")}), "utf8") + "\\n;SocketIOWasm")`,
};

for (const [name, entry] of Object.entries(ENTRIES)) {
  describe(`the import of ${name}`, () => {
    test("[MODULE_UNAVAILABLE] succeeds without WebAssembly; a client is refused each time, with an error that says what to do", () => {
      const output = run(
        "without.mjs",
        `delete globalThis.WebAssembly;
         const api = ${entry};
         const codes = [];
         for (const name of ["Client", "SimpleClient", "EngineClient", "Client"]) {
           try {
             new api[name]();
           } catch (error) {
             if (!(error instanceof api.ConnectionError) || !(error.cause instanceof ReferenceError)) throw error;
             codes.push(error.code, error.message.includes("allow 'wasm-unsafe-eval'"));
           }
         }
         console.log(codes.join(" "), api.Client.reason === api.reason, api.EngineClient.reason === api.reason, {} instanceof api.Client);`,
      );
      assert.equal(output, `${"MODULE_UNAVAILABLE true ".repeat(4)}true true false\n`);
    });

    test("compiles nothing; the first client does, also after a failure, and the others use the same module", () => {
      const output = run(
        "once.mjs",
        `const { Module } = WebAssembly;
         let compiled = 0;
         let fails = true;
         WebAssembly.Module = class extends Module {
           constructor(bytes) {
             if (fails) throw new RangeError("out of memory");
             super(bytes);
             compiled++;
           }
         };
         const api = ${entry};
         const imported = compiled;
         let code;
         try { new api.Client(); } catch (error) { code = error.code + error.message.includes("wasm-unsafe-eval"); }
         fails = false;
         for (const name of ["SimpleClient", "Client", "EngineClient", "Client"]) new api[name]();
         console.log(imported, code, compiled);`,
      );
      assert.equal(output, "0 MODULE_UNAVAILABLEfalse 1\n");
    });
  });
}

for (const [name, entry] of Object.entries({ "slim.mjs": `await import(${from("slim.mjs")})`, "slim.cjs": required("slim.cjs") })) {
  test(`the import of ${name} succeeds without WebAssembly, and init() rejects with MODULE_UNAVAILABLE`, () => {
    const output = run("slim.mjs", `delete globalThis.WebAssembly; const { init } = ${entry}; await init().catch(({ code, message }) => console.log(code, message));`);
    assert.match(output, /^MODULE_UNAVAILABLE .*allow 'wasm-unsafe-eval'/);
  });
}

test("import and require give the same module", () => {
  const required = createRequire(join(folder, "commonjs.cjs"))("socketio-wasm");
  assert.deepEqual(Object.keys(required).sort(), Object.keys(api).sort());
  for (const name of Object.keys(api)) assert.equal(required[name], api[name]);
});

test("[T8] the module exports everything that the types declare, and nothing else", () => {
  const declared = [...readFileSync(join(installed, "dist/index.d.ts"), "utf8").matchAll(/^export (?:class|const|function) (\w+)/gm)];
  const names = declared.map(([, name]) => name).filter((name) => !name.endsWith("Scope")); // the scopes have instances only
  assert.deepEqual(Object.keys(api).sort(), names.sort());
});

test("error classes have their names, and are in `errors`", () => {
  for (const [name, Class] of Object.entries(api.errors)) {
    assert.equal(api[name], Class);
    assert.equal(new Class("message").name, name);
    assert.ok(new Class("message") instanceof api.SocketIOError);
  }
});

test("a process ends after disconnect(), also before the time-out of an answered call", () => {
  run(
    "ending.mjs",
    `import { Client } from "socketio-wasm";
     const client = new Client();
     await client.connect(process.argv[2]);
     await client.timeout(3_600_000).call("echo", 1);
     await client.disconnect();`,
  );
});

test("the folder pkg/ can be installed, as README.md says", () => {
  const program = join(scripts, "program");
  mkdirSync(program);
  writeFileSync(join(program, "package.json"), "{}");
  const packageFolder = fileURLToPath(new URL("../../../pkg", import.meta.url));
  const install = ["install", "--no-audit", "--no-fund", "--prefer-offline", packageFolder];
  const { status, stderr } = spawnSync("npm", install, { cwd: program, encoding: "utf8", timeout: 60_000 });
  assert.equal(status, 0, stderr);
  assert.equal(run(join("program", "app.mjs"), `import { Client } from "socketio-wasm";${WORK}`), "hello\n");
});

test("the package has exactly these files", () => {
  assert.deepEqual(readdirSync(installed).sort(), ["CHANGELOG.md", "LICENSE", "README.md", "dist", "docs", "package.json"]);
  const withMaps = (...names) => names.flatMap((name) => [name, `${name}.map`]);
  const scripts = withMaps("browser.cjs", "browser.global.js", "browser.js", "cli.mjs", "node.cjs", "slim.cjs", "slim.js", "testing.cjs", "testing.js", "workerd.js", "ws.cjs");
  const others = ["LICENSES", "index.d.cts", "index.d.ts", "jsdom.cjs", "node.mjs", "serializers", "slim.d.cts", "slim.d.ts", "slim.mjs", "slim.wasm", "slim.wasm.d.ts", "testing.d.cts", "testing.d.ts"];
  assert.deepEqual(readdirSync(join(installed, "dist")).sort(), [...scripts, ...others, "socketio_wasm_bg.wasm"].sort());
  const serializers = ["cbor", "msgpack", "pickle"].flatMap((name) => [`${name}.d.cts`, `${name}.d.ts`, ...withMaps(`${name}.cjs`, `${name}.js`)]);
  assert.deepEqual(readdirSync(join(installed, "dist/serializers")).sort(), serializers.sort());
});

test("every file that package.json names exists", () => {
  const { exports, bin, main, browser, types, unpkg, jsdelivr } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const files = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(files));
  for (const file of [main, browser, types, unpkg, jsdelivr, ...files(exports), ...files(bin)]) assert.ok(existsSync(join(installed, file)), file);
});

test("the browser's file needs only fetch", async () => {
  // Node has everything that a worker has except a WebSocket. This proves that the file loads and has its wasm.
  const { Client } = await import(pathToFileURL(join(installed, "dist/browser.js")).href);
  const client = new Client();
  await client.connect(server.url, { transports: "polling" });
  assert.equal(await client.call("echo", "hello"), "hello");
  await client.disconnect();
});

test("the browsers' files do not use eval, which a content security policy forbids", () => {
  for (const name of ["browser.js", "browser.global.js", "slim.js"]) {
    const source = readFileSync(join(installed, "dist", name), "utf8");
    assert.doesNotMatch(source, /new Function|\beval\(/);
  }
});

test("the stack of an error begins in the program", () => {
  assert.throws(() => new api.Client({ reconnectionDelay: "soon" }), (error) => {
    assert.match(error.stack, /loading\.test\.mjs/);
    return error.message === 'Invalid value for the option `reconnectionDelay`: a string of 4 characters is not a number of milliseconds, 0 or more, or a function that returns one';
  });
});
