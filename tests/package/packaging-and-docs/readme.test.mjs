// The programs in the package's README, run as a newcomer would: the server of the README, and each example against it.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { COMMAND } from "../../support/command.mjs";
import { folder } from "../../support/installed.mjs";
import { LIMIT_MS, until } from "../../support/until.mjs";

const text = readFileSync(new URL("../../../pkg/README.md", import.meta.url), "utf8");
const programs = mkdtempSync(join(folder, "readme-")); // below the installed package, so that it is found

/** The first program behind these words. */
function program(words) {
  const from = text.indexOf(words);
  assert.notEqual(from, -1, `nothing in the README begins with ${words}`);
  return text.slice(from).match(/```js\n([^]*?)```/)[1];
}

// What each prints, in order; of the lines with a "…" only what is before it.
const EXAMPLES = {
  "**1.": ["you said: hello", "3"],
  "**2.": ["welcome, Ada"],
  "**3.": ["you are in lobby"],
  "**4.": ["REFUSED peer { message: 'wrong token' }", "there, for the first time or again", "CALL_TIMEOUT", "client disconnect …"],
  "**5.": ["news [ 'you said: hello' ]", "question [ 'Who are you?' ]"],
  "`Client` alone, built for size": [],
};

let port;
let server;
before(async () => {
  port = await freePort();
  symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(programs, "node_modules")); // where socket.io is
  const onLoopback = `new Server((await import("node:http")).createServer().listen(${port}, "127.0.0.1")`;
  writeFileSync(join(programs, "server.mjs"), program("Here is a server").replace("new Server(3000", onLoopback));
  server = spawn(process.execPath, [join(programs, "server.mjs")], { stdio: "inherit" });
  await until("the server", () => fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`).then(({ ok }) => ok, () => false));
});
after(async () => {
  server.kill();
  await once(server, "exit");
  rmSync(programs, { recursive: true });
});

async function freePort() {
  const listening = createServer().listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address();
  await new Promise((resolve) => listening.close(resolve));
  return port;
}

for (const [words, expected] of Object.entries(EXAMPLES)) {
  test(`the program behind "${words}" prints what it says`, async () => {
    const file = join(programs, `${Object.keys(EXAMPLES).indexOf(words)}.mjs`);
    writeFileSync(file, program(words).replaceAll("localhost:3000", `127.0.0.1:${port}`));
    const printed = await new Promise((resolve, reject) => {
      execFile(process.execPath, [file], { timeout: LIMIT_MS }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
    });
    const lines = printed.split("\n").slice(0, -1);
    const shortened = lines.map((line, index) => (expected[index]?.endsWith("…") ? `${line.slice(0, expected[index].length - 1)}…` : line));
    assert.deepEqual(shortened, expected);
  });
}

test("every example of the README is among them", () => {
  assert.equal(text.match(/^\*\*\d\./gm).length, Object.keys(EXAMPLES).filter((words) => words.startsWith("**")).length);
});

// In the section on the command line, what a command prints stands behind "# " below it.
const commands = [...text.slice(text.indexOf("## From a command line")).match(/```sh\n([^]*?)```/)[1].matchAll(/^([^#].*)\n# (.*)$/gm)];
for (const [, command, expected] of commands) {
  test(`the command prints what it says: ${command}`, async () => {
    const ours = command.replaceAll("npx socketio-wasm localhost:3000", `${JSON.stringify(COMMAND)} http://127.0.0.1:${port}`);
    const printed = await new Promise((resolve, reject) => {
      execFile("sh", ["-c", ours], { timeout: LIMIT_MS }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
    });
    assert.equal(printed, `${expected}\n`);
  });
}
