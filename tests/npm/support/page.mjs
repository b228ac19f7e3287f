// Pages as users of bundlers write them, and checks of the built page.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contentSecurityPolicy, serveFiles } from "../../../scripts/demo-files.mjs";
import { listen } from "../../support/listen.mjs";
import { createProject } from "./project.mjs";

/**
 * Creates a project with one page.
 * @param {import("node:test").TestContext} t
 * @param {string} script a script of projects/page
 * @returns {string} the folder
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

/**
 * Asserts the number of copies of a wasm module in a folder.
 * @param {{ inside: number, files: number }} expected inside of scripts, as strings, and as files
 */
export function assertWasm(folder, expected) {
  const names = readdirSync(folder, { recursive: true });
  const scripts = names.filter((name) => name.endsWith(".js")).map((name) => readFileSync(join(folder, name), "utf8"));
  // Each copy has the list of characters of its encoding (pkg/build/inlined-wasm.mjs).
  const inside = scripts.join("").split("*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_").length - 1;
  assert.deepEqual({ inside, files: names.filter((name) => name.endsWith(".wasm")).length }, expected);
}
