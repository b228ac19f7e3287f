// The package as users get it: npm packs it, installs it into a folder, and the tests load it from there.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const PACKAGE = fileURLToPath(new URL("../../pkg", import.meta.url));
const PREFIX = "socketio-wasm-installed-";
const DAY_MS = 24 * 60 * 60 * 1000;

/** A folder with the package installed. It is made once for each content of the package. */
export const folder = install();

// The tests connect to servers of this machine; only npm may need a proxy.
for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name];

/** The exports of "socketio-wasm", imported there. */
export const api = await import(pathToFileURL(join(folder, "esm.mjs")).href);

function install() {
  if (!existsSync(join(PACKAGE, "dist/node.mjs"))) throw new Error("pkg/dist is not built: run `make build` first");
  const target = join(tmpdir(), PREFIX + hash());
  if (existsSync(target)) return target;
  removeOld();
  const making = mkdtempSync(`${target}-`);
  const npm = (...parameters) => execFileSync("npm", parameters, { cwd: making, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  writeFileSync(join(making, "package.json"), JSON.stringify({ name: "consumer", private: true }));
  npm("pack", PACKAGE, "--pack-destination", making);
  const tarball = readdirSync(making).find((name) => name.endsWith(".tgz"));
  npm("install", "--no-audit", "--no-fund", "--prefer-offline", "--no-package-lock", `./${tarball}`);
  writeFileSync(join(making, "esm.mjs"), 'export * from "socketio-wasm";\n');
  writeFileSync(join(making, "commonjs.cjs"), 'module.exports = require("socketio-wasm");\n');
  try {
    renameSync(making, target);
  } catch (error) {
    rmSync(making, { recursive: true });
    if (!existsSync(target)) throw error; // another process has made the folder meanwhile
  }
  return target;
}

// Removes the folders of earlier builds that are a day old, so that no other run uses them.
function removeOld() {
  const names = readdirSync(tmpdir()).filter((name) => name.startsWith(PREFIX));
  for (const path of names.map((name) => join(tmpdir(), name))) {
    if (Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > DAY_MS) rmSync(path, { recursive: true, force: true });
  }
}

function hash() {
  const inDist = readdirSync(join(PACKAGE, "dist"), { recursive: true }).sort().map((name) => join("dist", name));
  const content = createHash("sha256");
  const documents = ["README.md", "prepack.mjs", "../CHANGELOG.md", "../docs/guide-javascript.md"]; // prepack.mjs copies them
  for (const name of ["package.json", ...documents, ...inDist]) {
    const path = join(PACKAGE, name);
    if (statSync(path).isFile()) content.update(name).update(readFileSync(path));
  }
  return content.digest("hex").slice(0, 16);
}
