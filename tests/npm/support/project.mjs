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

// Below the tools that tests/npm/package.json names, so that they are found as those of the project's own package.json would be.
const PROJECTS = at("../.projects/");
const ENVIRONMENT = {
  ...process.env,
  // No colours in what is looked at, nothing told to the tools' makers or asked of them, nothing kept in the user's home.
  NO_COLOR: "1",
  FORCE_COLOR: undefined,
  NODE_TEST_CONTEXT: undefined, // of these tests; other tests that are run would report to it
  NEXT_TELEMETRY_DISABLED: "1",
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  XDG_CONFIG_HOME: join(PROJECTS, "config"),
};
const LIMIT_MS = 120_000; // for a whole build of the slowest tool on a slow machine

/** What talk() hears from servers that are as they should be. */
export const HEARD = ["hello", "Uint8Array 1,2,3", "from chat", "question answered", "in MessagePack"];

/** Addresses of the two servers that talk() wants, until the test ends. */
export async function startServers(t) {
  const [json, msgpack] = await Promise.all([startServer(t, "npm"), startServer(t, "npm", { serializer: "msgpack" })]);
  return { json: json.url, msgpack: msgpack.url };
}

/**
 * A copy of projects/<name> with talk.js and the package in it; removed when the test ends.
 * @param {import("node:test").TestContext} t
 * @returns {string} its folder
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
 * Starts a program in a project that serves until the test ends.
 * @param {RegExp} ready what it prints when it does so, with its address as the first group
 * @returns {Promise<string>} the address
 * @throws {Error} if it ends before, with all that it has said
 */
export async function serveWith(t, project, ready, command, ...parameters) {
  // In a process group of its own, to be ended with all the processes it started.
  const child = spawn(command, parameters, { cwd: project, env: ENVIRONMENT, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const end = () => process.kill(-child.pid, "SIGKILL");
  const closed = once(child, "close");
  process.on("exit", end);
  closed.then(() => process.off("exit", end));
  t.after(() => (child.exitCode === null && child.signalCode === null && end(), closed));
  let said = "";
  return new Promise((resolve, reject) => {
    const look = (text) => {
      said += text;
      const [, url] = ready.exec(said) ?? [];
      if (url) resolve(url);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", look);
    closed.then(() => reject(new Error(`${command} ${parameters.join(" ")} ended before it served:\n${said}`)));
  });
}

/** The path of a Node of another version than the machine's, from the npm package that carries its binary. */
export const nodeOf = (major) => at(`../node_modules/node-${major}-${process.arch}/bin/node`);

/** The path of a program of the tools. */
export function tool(name) {
  const path = at(`../node_modules/.bin/${name}`);
  if (!existsSync(path)) throw new Error(`${name} is not installed: run scripts/setup.sh npm-tools`);
  return path;
}

/**
 * Runs a program in a project to its end.
 * @returns {Promise<string>} what it has printed
 * @throws {assert.AssertionError} if it fails, with all that it has said
 */
export async function run(project, command, ...parameters) {
  const child = spawn(command, parameters, { cwd: project, env: ENVIRONMENT, stdio: ["ignore", "pipe", "pipe"], timeout: LIMIT_MS, killSignal: "SIGKILL" });
  let printed = "";
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (printed += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const status = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(signal ?? code));
  });
  assert.equal(status, 0, `${command} ${parameters.join(" ")}: ${status}\n${printed}\n${said}`);
  return printed;
}
