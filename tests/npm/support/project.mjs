// A project of a user of the package: a folder of its own, with the package in it as npm installs the packed tarball.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { folder } from "../../support/installed.mjs";
import { startServer } from "../../support/server.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

// Inside of tests/npm, so that projects find the tools of its package.json like their own.
const PROJECTS = at("../.projects/");
const ENVIRONMENT = {
  ...process.env,
  // No colours in the output, no telemetry, no requests to the makers of the tools, no files in the user's home.
  NO_COLOR: "1",
  FORCE_COLOR: undefined,
  NODE_TEST_CONTEXT: undefined, // otherwise the tests of a project would report to this test run
  NEXT_TELEMETRY_DISABLED: "1",
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  XDG_CONFIG_HOME: join(PROJECTS, "config"),
};
const LIMIT_MS = 120_000; // for a whole build of the slowest tool on a slow machine

/** The result of talk() if everything works. */
export const HEARD = ["hello", "Uint8Array 1,2,3", "from chat", "question answered", "in MessagePack"];

/** Starts the two servers of talk() until the test ends, and returns their addresses. */
export async function startServers(t) {
  const [json, msgpack] = await Promise.all([startServer(t, "npm"), startServer(t, "npm", { serializer: "msgpack" })]);
  return { json: json.url, msgpack: msgpack.url };
}

/**
 * Copies projects/<name>, with talk.js and the package in it, into a new folder, until the test ends.
 * @param {import("node:test").TestContext} t
 * @returns {string} the folder
 */
export function createProject(t, name) {
  mkdirSync(PROJECTS, { recursive: true });
  const project = mkdtempSync(join(PROJECTS, `${name}-`));
  t.after(() => rmSync(project, { recursive: true, force: true, maxRetries: 3 }));
  cpSync(at(`../projects/${name}`), project, { recursive: true });
  cpSync(at("talk.js"), join(project, "talk.js"));
  cpSync(join(folder, "node_modules"), join(project, "node_modules"), { recursive: true });
  return project;
}

/**
 * Starts a server in a project, until the test ends.
 * @param {RegExp} ready its output when it serves, with the address as the first group
 * @returns {Promise<string>} the address
 * @throws {Error} if it ends first, with its output
 */
export async function serveWith(t, project, ready, command, ...parameters) {
  // In a process group of its own, to be killed with its child processes.
  const child = spawn(command, parameters, { cwd: project, env: ENVIRONMENT, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const end = () => process.kill(-child.pid, "SIGKILL");
  const closed = once(child, "close");
  process.on("exit", end);
  closed.then(() => process.off("exit", end));
  t.after(() => (child.exitCode === null && child.signalCode === null && end(), closed));
  let output = "";
  return new Promise((resolve, reject) => {
    const look = (text) => {
      output += text;
      const [, url] = ready.exec(output) ?? [];
      if (url) resolve(url);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", look);
    closed.then(() => reject(new Error(`${command} ${parameters.join(" ")} ended before it served:\n${output}`)));
  });
}

/** The path of another version of Node, from the npm package with its binary. */
export const nodeOf = (major) => at(`../node_modules/node-${major}-${process.arch}/bin/node`);

/** The path of a tool's program. */
export function tool(name) {
  const path = at(`../node_modules/.bin/${name}`);
  if (!existsSync(path)) throw new Error(`${name} is not installed: run scripts/setup.sh npm-tools`);
  return path;
}

/**
 * Runs a program in a project to its end.
 * @returns {Promise<string>} its standard output
 * @throws {assert.AssertionError} if it fails, with its output
 */
export async function run(project, command, ...parameters) {
  const child = spawn(command, parameters, { cwd: project, env: ENVIRONMENT, stdio: ["ignore", "pipe", "pipe"], timeout: LIMIT_MS, killSignal: "SIGKILL" });
  let printed = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (printed += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
  const status = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(signal ?? code));
  });
  assert.equal(status, 0, `${command} ${parameters.join(" ")}: ${status}\n${printed}\n${errors}`);
  return printed;
}
