// A program in a pseudo-terminal, and the screen that somebody in front of it sees.
import pty from "@lydell/node-pty";
import headless from "@xterm/headless";
import { until, within } from "./until.mjs";

/** What keys send. */
export const KEYS = {
  enter: "\r",
  tab: "\t",
  up: "\x1b[A",
  down: "\x1b[B",
  left: "\x1b[D",
  home: "\x1b[H",
  backspace: "\x7f",
  ctrlC: "\x03",
  ctrlD: "\x04",
};

/**
 * Starts a program in a terminal of its own; it is ended with the test.
 * @param {import("node:test").TestContext} t
 * @param {string} file
 * @param {string[]} parameters
 * @param {{ columns?: number, rows?: number, env?: object, cwd?: string }} [options]
 */
export function openTerminal(t, file, parameters, { columns = 100, rows = 30, env = {}, cwd } = {}) {
  // Not all of this process's environment: where that has CI, or FORCE_COLOR, Node takes it for what the terminal can do.
  const { PATH, HOME } = process.env;
  const child = pty.spawn(file, parameters, { name: "xterm-256color", cols: columns, rows, cwd, env: { PATH, HOME, ...env } });
  const screen = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1_000 });
  let raw = "";
  child.onData((text) => {
    raw += text;
    screen.write(text);
  });
  screen.onData((answer) => child.write(answer)); // what a terminal says of itself when it is asked
  let code;
  const ended = new Promise((resolve) => {
    child.onExit(({ exitCode, signal }) => {
      code = signal || exitCode;
      resolve(code);
    });
  });
  t.after(async () => {
    if (code === undefined) child.kill("SIGKILL");
    await ended;
    screen.dispose();
  });

  const terminal = {
    /** All that was written, with its escape sequences. */
    raw: () => raw,
    /** What is on the screen and what went off its top, with rows that were wrapped joined again, as far as there is something. */
    lines() {
      const { active } = screen.buffer;
      const lines = [];
      let last = active.baseY + active.cursorY;
      for (let at = last + 1; at < active.length; at += 1) if (active.getLine(at).translateToString(true) !== "") last = at;
      for (let at = 0; at <= last; at += 1) {
        const row = active.getLine(at);
        const text = row.translateToString(false);
        if (row.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
        else lines.push(text);
      }
      return lines.map((line) => line.trimEnd());
    },
    /** The last of them, that of the prompt. */
    line: () => terminal.lines().at(-1),
    type: (text) => child.write(text),
    resize(newColumns) {
      screen.resize(newColumns, rows);
      child.resize(newColumns, rows);
    },
    signal: (name) => child.kill(name),
    /** Resolved when a line of the screen is, or matches, what is given. */
    async sees(wanted) {
      const is = typeof wanted === "string" ? (line) => line === wanted : (line) => wanted.test(line);
      const seen = until(`the line ${wanted}`, () => terminal.lines().some(is));
      await seen.catch((error) => {
        throw new Error(`${error.message}; the screen is\n${terminal.lines().join("\n")}`);
      });
    },
    /** Resolved when the last line, that of the prompt, is this one. */
    async prompts(wanted) {
      const seen = until(`the prompt ${JSON.stringify(wanted)}`, () => terminal.line() === wanted.trimEnd());
      await seen.catch((error) => {
        throw new Error(`${error.message}; the screen is\n${terminal.lines().join("\n")}`);
      });
    },
    /** Resolved with the exit code, when all that was written is on the screen. */
    async ended() {
      await within("the program's end", ended);
      await new Promise((resolve) => screen.write("", resolve));
      return code;
    },
  };
  return terminal;
}
