// The package's command, started as npx does: from node_modules/.bin of a folder with the package installed.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { folder } from "./installed.mjs";
import { until, within } from "./until.mjs";

export const COMMAND = join(folder, "node_modules/.bin/socketio-wasm");

/**
 * Starts the command, which is killed when the test ends.
 * @param {import("node:test").TestContext} t
 * @param {string[]} parameters
 * @param {{ cwd?: string, env?: object }} [options]
 */
export function start(t, parameters, { cwd, env } = {}) {
  const child = spawn(COMMAND, parameters, { cwd, env: { ...process.env, ...env } });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
  child.stdin.on("error", () => {}); // it may end before it has read all
  const ended = new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ?? code)));
  t.after(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return {
    child,
    out: () => out,
    err: () => err,
    /** Returns the values of the lines of JSON that were printed so far. */
    lines: () => out.split("\n").slice(0, -1).map((line) => JSON.parse(line)),
    /** Writes a line to standard input: a string unchanged, another value as JSON. */
    say: (line) => child.stdin.write(`${typeof line === "string" ? line : JSON.stringify(line)}\n`),
    /** Resolves when standard output matches. */
    async prints(wanted) {
      await until(`${wanted} in the output`, () => out.match(wanted)).catch((error) => {
        throw new Error(`${error.message}:\n${out}${err}`);
      });
    },
    /** Resolves to the exit code, or to the signal that ended the command. */
    ended: () => within(`the end of ${parameters.join(" ")}`, ended),
  };
}

/**
 * Runs the command until it ends.
 * @param {import("node:test").TestContext} t
 * @param {string[]} parameters
 * @param {{ input?: unknown[], cwd?: string, env?: object }} [options] `input`: lines for its standard input
 * @returns {Promise<{ code: number, out: string, err: string, lines?: object[] }>} `lines` are those of `out`, if they are JSON
 */
export async function run(t, parameters, { input = [], ...options } = {}) {
  const command = start(t, parameters, options);
  for (const line of input) command.say(line);
  command.child.stdin.end();
  const code = await command.ended();
  return { code, out: command.out(), err: command.err(), lines: /^\{"(connect|error)/.test(command.out()) ? command.lines() : undefined };
}
