// A page as a user of a bundler writes it, and what became of it.
import assert from "node:assert/strict";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contentSecurityPolicy, serveFiles } from "../../../scripts/demo-files.mjs";
import { listen } from "../../support/listen.mjs";
import { createProject } from "./project.mjs";

/**
 * A project with one page.
 * @param {import("node:test").TestContext} t
 * @param {string} script what the page does, of those in projects/page
 * @returns {string} its folder
 */
export function createPage(t, script) {
  const project = createProject(t, "page");
  writeFileSync(join(project, "main.js"), `import "./${script}";\n`);
  return project;
}

/**
 * Serves a folder with its index.html until the test ends, under the strictest policy that WebAssembly can have.
 * @returns {Promise<string>} its address
 */
export async function serve(t, folder) {
  const policy = contentSecurityPolicy(join(folder, "index.html")).replace("connect-src 'self'", "connect-src 'self' http:");
  const { url } = await listen(t, serveFiles({ "/": folder }, { "content-security-policy": `${policy}; img-src data:` }));
  return `${url}/`;
}

/** Puts beside what a bundler made of a page's script what bundlers that know scripts only leave to the user. */
export function addFiles(project, output) {
  copyFileSync(join(project, "index.html"), join(output, "index.html"));
  if (readScripts(output).includes("slim.wasm")) copyFileSync(join(project, "node_modules/socketio-wasm/dist/slim.wasm"), join(output, "slim.wasm"));
}

/**
 * Asserts how many copies of a wasm module there are in a folder.
 * @param {{ inside: number, files: number }} expected inside of scripts, as base64, and as files
 */
export function assertWasm(folder, expected) {
  const inside = readScripts(folder).split("AGFzbQ").length - 1; // how the base64 of each begins
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".wasm")).length;
  assert.deepEqual({ inside, files }, expected);
}

/** Asserts that nothing of the package is in a script that imports it, and does not use it. */
export function assertNothingOf(script) {
  const text = readFileSync(script, "utf8");
  assert.ok(text.includes("nothing of it") && text.length < 600, text.slice(0, 2_000));
}

function readScripts(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".js"));
  return names.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
}
