// The package's command, run as npx would: from node_modules/.bin of a folder that has it installed.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { folder } from "./installed.mjs";
import { until, within } from "./until.mjs";

export const COMMAND = join(folder, "node_modules/.bin/socketio-wasm");

/**
 * Starts the command; it is ended with the test.
 * @param {import("node:test").TestContext} t
 * @param {string[]} words its arguments
 * @param {{ cwd?: string, env?: object }} [options]
 */
export function start(t, words, { cwd, env } = {}) {
  const child = spawn(COMMAND, words, { cwd, env: { ...process.env, ...env } });
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
    /** What was printed so far, a value for each line of JSON. */
    lines: () => out.split("\n").slice(0, -1).map((line) => JSON.parse(line)),
    /** Writes a line to its standard input: a text as it is, else as JSON. */
    say: (line) => child.stdin.write(`${typeof line === "string" ? line : JSON.stringify(line)}\n`),
    /** Resolved when standard output has what is looked for. */
    async prints(wanted) {
      await until(`${wanted} among what is printed`, () => out.match(wanted)).catch((error) => {
        throw new Error(`${error.message}:\n${out}${err}`);
      });
    },
    /** Resolved with the exit code, or the signal that has ended it. */
    ended: () => within(`the end of ${words.join(" ")}`, ended),
  };
}

/**
 * Runs the command to its own end.
 * @param {import("node:test").TestContext} t
 * @param {string[]} words its arguments
 * @param {{ input?: unknown[], cwd?: string, env?: object }} [options] `input`: lines for its standard input
 * @returns {Promise<{ code: number, out: string, err: string, lines?: object[] }>} `lines` are those of `out`, where they are JSON
 */
export async function run(t, words, { input = [], ...options } = {}) {
  const command = start(t, words, options);
  for (const line of input) command.say(line);
  command.child.stdin.end();
  const code = await command.ended();
  return { code, out: command.out(), err: command.err(), lines: /^\{"(connect|error)/.test(command.out()) ? command.lines() : undefined };
}
