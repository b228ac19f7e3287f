// The stack of an error leads to the sources, although the loaded files are bundled and minified.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { folder } from "../support/installed.mjs";

const DIST = join(folder, "node_modules", "socketio-wasm", "dist");

// The lines that make the error, from the innermost frame on.
const LINES = [
  ["facade/to-error.js", /^ *return new Class\(/],
  ["facade/settings.js", /throw toError\("INVALID_OPTION", option, value, expected\)/],
];

/** Asserts that positions (a file in pkg/, a line counted from 1) are these lines. */
function assertPositions(positions) {
  LINES.forEach(([file, line], at) => {
    assert.equal(positions[at].file, file);
    assert.match(readFileSync(new URL(`../../pkg/${file}`, import.meta.url), "utf8").split("\n")[positions[at].line - 1], line);
  });
}

test("the source map of dist/browser.js leads to the sources", async () => {
  const { Client } = await import(pathToFileURL(join(DIST, "browser.js")));
  assert.throws(() => new Client({ reconnectionDelay: "soon" }), (error) => {
    const map = new SourceMap(JSON.parse(readFileSync(join(DIST, "browser.js.map"), "utf8")));
    const frames = [...error.stack.matchAll(/browser\.js:(\d+):(\d+)/g)].map(([, line, column]) => map.findEntry(line - 1, column - 1));
    assertPositions(frames.map(({ originalSource, originalLine }) => ({ file: originalSource.replace("../", ""), line: originalLine + 1 })));
    return true;
  });
});

test("node --enable-source-maps shows the sources of dist/node.cjs", () => {
  const program = 'new (require("socketio-wasm").Client)({ reconnectionDelay: "soon" })';
  const { stderr } = spawnSync(process.execPath, ["--enable-source-maps", "-e", program], { cwd: folder, encoding: "utf8" });
  const frames = [...stderr.matchAll(/^ +at .*socketio-wasm\/(\w+\/[\w-]+\.js):(\d+):\d+\)$/gm)];
  assertPositions(frames.map(([, file, line]) => ({ file, line })));
});

test("frames of dist/ws.cjs, in the library that it is", () => {
  const program = `new (require(${JSON.stringify(join(DIST, "ws.cjs"))}))("nowhere")`;
  const { stderr } = spawnSync(process.execPath, ["--enable-source-maps", "-e", program], { cwd: folder, encoding: "utf8" });
  assert.match(stderr, /^ +at .*node_modules\/ws\/lib\/websocket\.js:\d+:\d+\)$/m);
});
