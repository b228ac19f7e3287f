// A program in a pseudo-terminal, and its screen.
import pty from "@lydell/node-pty";
import headless from "@xterm/headless";
import { until, within } from "./until.mjs";

/** The bytes of keys. */
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
 * Starts a program in a terminal; it is killed when the test ends.
 * @param {import("node:test").TestContext} t
 * @param {string} file
 * @param {string[]} parameters
 * @param {{ columns?: number, rows?: number, env?: object, cwd?: string }} [options]
 */
export function openTerminal(t, file, parameters, { columns = 100, rows = 30, env = {}, cwd } = {}) {
  // Without the rest of the environment: Node derives the terminal's abilities from variables such as CI and FORCE_COLOR.
  const { PATH, HOME } = process.env;
  const child = pty.spawn(file, parameters, { name: "xterm-256color", cols: columns, rows, cwd, env: { PATH, HOME, ...env } });
  const screen = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1_000 });
  let raw = "";
  child.onData((text) => {
    raw += text;
    screen.write(text);
  });
  screen.onData((answer) => child.write(answer)); // a terminal answers queries about itself
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
    /** Returns all output, with its escape sequences. */
    raw: () => raw,
    /** Returns the lines of the screen and above it, without empty ones at the end; wrapped rows are joined. */
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
    /** Returns the last line, which has the prompt. */
    line: () => terminal.lines().at(-1),
    type: (text) => child.write(text),
    resize(newColumns) {
      screen.resize(newColumns, rows);
      child.resize(newColumns, rows);
    },
    signal: (name) => child.kill(name),
    /** Resolves when a line of the screen equals or matches an argument. */
    async sees(wanted) {
      const is = typeof wanted === "string" ? (line) => line === wanted : (line) => wanted.test(line);
      const seen = until(`the line ${wanted}`, () => terminal.lines().some(is));
      await seen.catch((error) => {
        throw new Error(`${error.message}; the screen is\n${terminal.lines().join("\n")}`);
      });
    },
    /** Resolves when the last line, which has the prompt, equals the argument. */
    async prompts(wanted) {
      const seen = until(`the prompt ${JSON.stringify(wanted)}`, () => terminal.line() === wanted.trimEnd());
      await seen.catch((error) => {
        throw new Error(`${error.message}; the screen is\n${terminal.lines().join("\n")}`);
      });
    },
    /** Resolves to the exit code when all output is on the screen. */
    async ended() {
      await within("the program's end", ended);
      await new Promise((resolve) => screen.write("", resolve));
      return code;
    },
  };
  return terminal;
}
