// The typed lines of former runs, in a file: one line each, the newest last.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Number of lines in the history. */
export const MOST_LINES = 1_000;

/** The default file, in the user's folder for the state of programs. */
export const usualHistory = () => join(process.env.XDG_STATE_HOME || join(homedir(), ".local", "state"), "socketio-wasm", "history");

/**
 * Returns the lines of a file, newest first; none if there is no such file. The older half of a large file is removed.
 * @throws if the file cannot be read
 */
export function linesOf(path) {
  let lines;
  try {
    lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
  if (lines.length > 2 * MOST_LINES) {
    lines = lines.slice(-MOST_LINES);
    writeFileSync(path, `${lines.join("\n")}\n`);
  }
  return lines.reverse().slice(0, MOST_LINES);
}

/** Adds a line. Only its owner can read the file: there may be passwords in it. */
export function addLine(path, line) {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  appendFileSync(path, `${line}\n`, { mode: 0o600 });
}
