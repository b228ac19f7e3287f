// What was typed, kept across runs: a line each, the newest last.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** How many lines are kept. */
export const MOST_LINES = 1_000;

/** Where it is kept unless told otherwise: among what programs remember for themselves. */
export const usualHistory = () => join(process.env.XDG_STATE_HOME || join(homedir(), ".local", "state"), "socketio-wasm", "history");

/**
 * The lines kept in a file, newest first; none where there is no such file. Of a file that has grown much, the older half goes.
 * @throws where it cannot be read
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

/** Adds a line. For its owner alone: there may be passwords in it. */
export function addLine(path, line) {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  appendFileSync(path, `${line}\n`, { mode: 0o600 });
}
