// The command line with hostile servers.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { run } from "../../support/command.mjs";
import { websocketPeer } from "../../support/peer.mjs";
import { files, npm } from "../../support/workplace.mjs";

describe("a message of a hostile server", () => {
  const ESCAPE = "\u001b]0;owned\u0007\u001b[2J";
  const HOSTILE = `${ESCAPE}\u009b2J\u202e\u2028\u007f`;
  const packet = (values) => `42${JSON.stringify(values)}`;

  for (const [what, parameters] of [["as text", []], ["in JSON", ["--json"]], ["in a trace", ["--trace"]]]) {
    test(`prints no control characters ${what}`, async (t) => {
      const peer = await websocketPeer(t, (socket) => {
        socket.send(packet([`ev${HOSTILE}`, HOSTILE, { [HOSTILE]: 1 }]));
        socket.send(packet(["a b", 1]));
        socket.send(`41/${HOSTILE},`);
      });
      const { out, err } = await run(t, [peer.url, "--transport", "websocket", ...parameters, "--count", "2"]);
      assert.doesNotMatch(out + err, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
      assert.match(out, /owned/);
      if (parameters.length === 0) assert.match(out, /^"a b" 1$/m); // a name with spaces is distinguished from the values
    });
  }

  test("prints no invisible character, in names or in strings", async (t) => {
    const ranges = [[0, 0x1f], [0x7f, 0x9f], [0xad, 0xad], [0x61c, 0x61c], [0x200b, 0x200f], [0x2028, 0x202e], [0x2060, 0x2064], [0x2066, 0x206f]];
    const unseen = [...ranges, [0xfeff, 0xfeff], [0xe0001, 0xe0001], [0xe0020, 0xe007f]].flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index)),
    );
    const peer = await websocketPeer(t, (socket) => socket.send(packet([`a${unseen.join("")}`, unseen, "é ü 👍"])));
    for (const parameters of [[], ["--json"]]) {
      const { out } = await run(t, [peer.url, "--transport", "websocket", ...parameters, "--count", "1"]);
      const raw = unseen.filter((character) => character !== "\n" && out.includes(character));
      assert.deepEqual(raw.map((character) => character.codePointAt(0).toString(16)), []);
      assert.match(out, /\\u200b.*\\udb40\\udc01.*"é ü 👍"/);
    }
  });

  test("is printed however deeply it is nested", async (t) => {
    const levels = 20_000;
    const nested = [`${"[".repeat(levels)}${"]".repeat(levels)}`, `${'{"x":'.repeat(levels)}1${"}".repeat(levels)}`];
    const peer = await websocketPeer(t, (socket) => socket.send(`42["deep",${nested}]`));
    const shown = await run(t, [peer.url, "--transport", "websocket", "--count", "1"]);
    assert.deepEqual([shown.out, shown.err, shown.code], [`deep ${nested.join(" ")}\n`, "", 0]);
    const json = await run(t, [peer.url, "--transport", "websocket", "--count", "1", "--json"]);
    assert.ok(json.out.includes(`{"event":"deep","args":[${nested}],"namespace":"/"}\n`));
    assert.equal(json.code, 0);
  });

  test("prints no control characters in an error", async (t) => {
    const peer = await websocketPeer(t, (socket) => socket.close(4_000, ESCAPE));
    const { err, code } = await run(t, [peer.url, "--transport", "websocket", "--listen", "*", "--count", "1"]);
    assert.doesNotMatch(err, /\u001b|\u0007/);
    assert.match(err, /owned/);
    assert.equal(code, 4);
  });

  test("chooses no folder and overwrites no file with --save", async (t) => {
    const names = ["../../out", "/etc/passwd", "..", "", "a\u0000b\nc", "con", "x".repeat(500), "é ü"];
    const peer = await websocketPeer(t, (socket) => {
      for (const name of names) {
        socket.send(`451-${JSON.stringify([name, { _placeholder: true, num: 0 }])}`);
        socket.send(Buffer.from([names.indexOf(name)]));
      }
    });
    const saved = join(files, "hostile");
    const once = () => run(t, [peer.url, "--transport", "websocket", "--count", String(names.length), "--save", saved]);
    assert.equal((await once()).code, 0);
    const first = readdirSync(saved).sort();
    assert.equal(first.length, names.length);
    assert.deepEqual(first.map((name) => [...readFileSync(join(saved, name))][0]).sort(), names.map((_, index) => index));
    for (const name of first) assert.match(name, /^[\p{L}\p{N}_-]{1,60}-\d+\.bin$/u);
    await once();
    assert.equal(readdirSync(saved).length, 2 * names.length);
    assert.equal(existsSync(join(files, "out")), false);
  });

  test("does not stop the trace", async (t) => {
    const odd = ["0{", "0null", '0{"sid":"a","pingInterval":"\\u0007","pingTimeout":{},"maxPayload":"1"}', '0{"sid":{"toString":1}}', "9", "", "4", "49", "451-", "43", '44{"a":', "b", "2probe"];
    for (const frame of odd) {
      const peer = await websocketPeer(t, (socket) => {
        socket.send(frame);
        socket.close();
      });
      const { code, err } = await run(t, [peer.url, "--transport", "websocket", "--trace", "--listen", "*", "--wait", "9000"]);
      assert.equal(code, 4, `${frame}: ${err}`);
      assert.doesNotMatch(err, /^ +at |NaN|undefined/m);
      assert.ok(err.trim().split("\n").some((line) => line.includes("<-") && line.endsWith(`: ${frame}`)), `${frame}: ${err}`);
    }
  });

  test("that cannot be saved is an error, and the command goes on", async (t) => {
    const { code, lines } = await run(t, [npm.url, "--save", "gone"], {
      input: [{ emit: ["echo-back", { $base64: "AQ==" }] }, { call: ["later", 100, 1], id: 1 }],
      cwd: files,
      env: { NODE_OPTIONS: `--import ${JSON.stringify(`data:text/javascript,${encodeURIComponent(UNWRITABLE)}`)}` },
    });
    assert.equal(code, 1);
    assert.match(lines.find(({ error }) => error).error.message, /ENOSPC/);
    assert.equal(lines.find(({ id }) => id === 1).answer, 1);
  });
});

// Makes the disk full for the process that imports it.
const UNWRITABLE = `
  import fs from "node:fs";
  import { syncBuiltinESMExports } from "node:module";
  fs.writeFileSync = () => { throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" }); };
  syncBuiltinESMExports();
`;
