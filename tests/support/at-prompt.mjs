// The command line in a pseudo-terminal, at its prompt. Whoever imports this has a server, and a home for each of its tests.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach } from "node:test";
import { COMMAND } from "./command.mjs";
import { folder } from "./installed.mjs";
import { startServer } from "./server.mjs";
import { KEYS, openTerminal } from "./terminal.mjs";

/** The server. */
export let server;
/** Where each test has its own history. */
export let home;
before(async () => {
  server = await startServer({ after: () => {} }, "npm");
});
after(() => server.kill());
beforeEach(() => {
  home = mkdtempSync(join(folder, "home-"));
});

/** The command at its prompt. */
export async function open(t, words = [], { url = server.url, prompt = "/>", ...options } = {}) {
  const here = home;
  t.after(() => rmSync(here, { recursive: true, force: true }));
  const terminal = openTerminal(t, COMMAND, [url, ...words], { cwd: here, ...options, env: { XDG_STATE_HOME: here, ...options.env } });
  await terminal.prompts(prompt);
  return terminal;
}

/** Types one key after the other. */
export function keys(terminal, ...all) {
  for (const key of all) terminal.type(key);
}

/** Types a line. */
export const enter = (terminal, line) => terminal.type(line + KEYS.enter);

/** Resolved when the command has ended, with this exit code. */
export async function leaves(terminal, code) {
  assert.equal(await terminal.ended(), code);
}
