// The programs of the three pages for users of JavaScript, run as a newcomer would: each against the server of its page.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { COMMAND } from "../../support/command.mjs";
import { folder } from "../../support/installed.mjs";
import { LIMIT_MS, until } from "../../support/until.mjs";

const read = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const GUIDE = "docs/guide-javascript.md";

// Programs by the marker before them, with the lines that each prints in order; of a line with a "…" only the part before it.
const PAGES = {
  "README.md": {
    serverPage: GUIDE, // the page says that its server is there
    programs: { "## In JavaScript": ["you said: hello", "3"] },
  },
  "pkg/README.md": {
    programs: {
      "**1.": ["you said: hello", "3", "welcome, Ada"],
      "**2.": ["you are in lobby"],
      "**3.": ["REFUSED peer { message: 'wrong token' }", "connected, for the first time or again", "CALL_TIMEOUT", "client disconnect …"],
      "`Client` alone, built for size": [],
      "## Tests without a network": ["3"],
    },
  },
  [GUIDE]: {
    programs: {
      "## 1.": ["you said: hello", "3"],
      "## 2.": ["welcome, Ada", "3, rest 1"],
      "## 3.": ["you are in lobby", "[ '/', '/late' ]"],
      "## 4.": [
        "connected, for the first time or again",
        "disconnected: transport error …",
        "CONNECTING network",
        "connected, for the first time or again",
        "you said: buffered",
        "disconnected: client disconnect …",
        "0",
      ],
      "## 5.": ["CALL_TIMEOUT", "TimeoutError"],
      "## 6.": ["news [ 'you said: hello' ]", "question [ 'Who are you?' ]"],
      "## 7.": ["you are in lobby", "welcome to lobby"],
      "## 8.": ["18446744073709551616n"],
      "## 9.": ["REFUSED peer { message: 'wrong token' }", "INVALID_OPTION misuse transport"],
      "## 10.": ["3", "{ token: 'secret' }", "[ 'lobby' ]", "Uint8Array(3) [ 1, 2, 3 ]", "Ada", "REFUSED wrong token", "socket-3", "UNREACHABLE"],
    },
  },
};

/** Returns the first program of a page after a marker. */
function programBehind(page, marker) {
  const text = read(page);
  const from = text.indexOf(marker);
  assert.notEqual(from, -1, `${page} has no ${marker}`);
  return text.slice(from).match(/```js\n([^]*?)```/)[1];
}

async function freePort() {
  const listening = createServer().listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address();
  await new Promise((resolve) => listening.close(resolve));
  return port;
}

/** Resolves to the output of a command; rejects if it fails, or takes longer than LIMIT_MS. */
function output(command, parameters) {
  return new Promise((resolve, reject) => {
    execFile(command, parameters, { timeout: LIMIT_MS }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });
}

const programs = mkdtempSync(join(folder, "readme-")); // below the installed package, so that imports find it
symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(programs, "node_modules")); // socket.io is there
after(() => rmSync(programs, { recursive: true }));

for (const [page, { serverPage = page, programs: expectedLines }] of Object.entries(PAGES)) {
  describe(page, () => {
    const at = join(programs, page.replaceAll(/\W/g, "-"));
    let port;
    let server;
    before(async () => {
      port = await freePort();
      mkdirSync(at);
      const onLoopback = `new Server((await import("node:http")).createServer().listen(${port}, "127.0.0.1")`;
      writeFileSync(join(at, "server.mjs"), programBehind(serverPage, "then `node server.mjs`").replace("new Server(3000", onLoopback));
      server = spawn(process.execPath, [join(at, "server.mjs")], { stdio: "inherit" });
      await until("the server", () => fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`).then(({ ok }) => ok, () => false));
    });
    after(async () => {
      server.kill();
      await once(server, "exit");
    });

    for (const [marker, expected] of Object.entries(expectedLines)) {
      test(`the program behind "${marker}" prints the lines that the page promises`, async () => {
        const file = join(at, `${Object.keys(expectedLines).indexOf(marker)}.mjs`);
        writeFileSync(file, programBehind(page, marker).replaceAll("localhost:3000", `127.0.0.1:${port}`));
        const lines = (await output(process.execPath, [file])).split("\n").slice(0, -1);
        const shortened = lines.map((line, index) => (expected[index]?.endsWith("…") ? `${line.slice(0, expected[index].length - 1)}…` : line));
        assert.deepEqual(shortened, expected);
      });
    }

    test("every numbered program of the page runs here", () => {
      const numbered = read(page).match(/^(?:\*\*|## )\d+\./gm) ?? [];
      assert.deepEqual(Object.keys(expectedLines).filter((marker) => /\d\.$/.test(marker)), numbered);
    });

    // In the section on the command line, the line "# …" below a command is its output.
    const section = /^## From a command line[^]*?```sh\n([^]*?)```/m.exec(read(page))?.[1] ?? "";
    for (const [, command, expected] of section.matchAll(/^([^#].*)\n# (.*)$/gm)) {
      test(`the command prints what the page promises: ${command}`, async () => {
        const ours = command.replaceAll("npx socketio-wasm localhost:3000", `${JSON.stringify(COMMAND)} http://127.0.0.1:${port}`);
        assert.equal(await output("sh", ["-c", ours]), `${expected}\n`);
      });
    }
  });
}

test("the page for npm has commands that run here", () => {
  assert.match(read("pkg/README.md"), /^## From a command line[^]*?```sh\n[^#].*\n# /m);
});
