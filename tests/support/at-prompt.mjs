// The command line in a pseudo-terminal, at its prompt. A file of tests that imports this gets a server, and a home folder for each test.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEach } from "node:test";
import { COMMAND } from "./command.mjs";
import { folder } from "./installed.mjs";
import { sharedServer } from "./shared-server.mjs";
import { KEYS, openTerminal } from "./terminal.mjs";

/** The server of the file. */
export const server = sharedServer("npm");
/** The home folder of the current test, which has its history. */
export let home;
beforeEach(() => {
  home = mkdtempSync(join(folder, "home-"));
});

/** Starts the command and resolves to its terminal at the prompt. */
export async function open(t, words = [], { url = server.url, prompt = "/>", ...options } = {}) {
  const here = home;
  t.after(() => rmSync(here, { recursive: true, force: true }));
  const terminal = openTerminal(t, COMMAND, [url, ...words], { cwd: here, ...options, env: { XDG_STATE_HOME: here, ...options.env } });
  await terminal.prompts(prompt);
  return terminal;
}

/** Types several keys. */
export function keys(terminal, ...all) {
  for (const key of all) terminal.type(key);
}

/** Types a line and Enter. */
export const enter = (terminal, line) => terminal.type(line + KEYS.enter);

/** Resolves when the command has ended with this exit code. */
export async function leaves(terminal, code) {
  assert.equal(await terminal.ended(), code);
}
