// The exit codes of the command line, with real servers.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { describe, test } from "node:test";
import { COMMAND, run, start } from "../../support/command.mjs";
import { listen } from "../../support/listen.mjs";
import { mutePeer, pollingPeer } from "../../support/peer.mjs";
import { startServer } from "../../support/server.mjs";
import { tap } from "../../support/tap.mjs";
import { until } from "../../support/until.mjs";
import { NOBODY, npm } from "../../support/workplace.mjs";

describe("the exit code is", () => {
  test("2 without a server, or after a refusal, which is printed once with the server's message", async (t) => {
    const rows = [
      [[NOBODY], /127\.0\.0\.1/],
      [[npm.url, "-n", "/refuse"], /no entry/],
      [[npm.url, "-n", "/", "-n", "/refuse-data"], /nope/],
    ];
    for (const [parameters, message] of rows) {
      const { code, err, out } = await run(t, [...parameters, "--call", "echo"]);
      assert.match(err, message);
      assert.deepEqual([code, out, err.trim().split("\n").length], [2, "", 1]);
    }
    const { lines: [unreachable] } = await run(t, [NOBODY]);
    assert.deepEqual(Object.keys(unreachable), ["connect_error", "error"]); // no data, since no server has sent any
    const { lines, code } = await run(t, [npm.url, "-n", "/refuse-data"]);
    const error = { code: "REFUSED", message: lines[0].error.message };
    assert.deepEqual(lines, [{ connect_error: "/refuse-data", error, data: { message: "nope", data: { code: 7 } } }]);
    assert.equal(code, 2);
  });

  test("2 after a failed connection, and the message names the option of the command that helps", async (t) => {
    const none = await listen(t, (request, response) => response.end("hello"));
    const mute = await mutePeer(t);
    const messageOf = async (...parameters) => (await run(t, [...parameters, "--call", "echo"])).err;
    assert.match(await messageOf(none.url), /check the URL and --path/);
    assert.match(await messageOf(mute.url, "--transport", "polling", "--timeout", "200"), /raise --timeout for a slow server/);
  });

  test("2 after a line asks for a namespace that is refused", async (t) => {
    const { lines, code } = await run(t, [npm.url], { input: [{ connect: "/refuse" }, { call: ["echo", 1] }] });
    assert.deepEqual(lines.map((line) => Object.keys(line)[0]), ["connect", "connect_error", "answer", "disconnect"]);
    assert.equal(code, 2);
  });

  test("4 if an event has possibly not arrived", async (t) => {
    const peer = await pollingPeer(t, (request, response) => {
      if (request.method === "POST") response.writeHead(502).end("bad gateway");
    });
    const { code, err } = await run(t, [peer.url, "--transport", "polling", "--emit", "say", "1"]);
    assert.match(err, /1 event has perhaps not reached the server/);
    assert.equal(code, 4);
  });

  test("3 after the time-out of a call in a line; other calls are answered", async (t) => {
    const input = [{ call: ["never"], id: 1, timeout: 50 }, { call: ["later", 300, "x"], id: 2 }];
    const { lines, code } = await run(t, [npm.url], { input });
    const answers = lines.filter(({ id }) => id).map(({ id, answer, error, line }) => [id, answer ?? error.code, line]);
    assert.deepEqual(answers, [[1, "CALL_TIMEOUT", 1], [2, "x", undefined]]);
    assert.equal(code, 3);
  });

  const ENDS = [
    ["the server disconnects", "kick", "server disconnect"],
    ["the connection breaks", "close-engine", "transport error"],
  ];
  for (const [what, event, reason] of ENDS) {
    test(`4 if ${what}`, async (t) => {
      const text = await run(t, [npm.url, "--emit", event, "--listen", "*"]);
      assert.equal(text.code, 4);
      assert.match(text.err, new RegExp(`disconnected from /: ${reason}`));
      assert.equal((await run(t, [npm.url, "--emit", event, "--call", "never"])).code, 4);
      // The input stays open; the end of the connection ends the command.
      const lines = start(t, [npm.url]);
      lines.say({ emit: [event] });
      assert.equal(await lines.ended(), 4);
      assert.equal(lines.lines().at(-1).reason, reason);
    });
  }

  for (const [signal, exit] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]]) {
    test(`${exit} after ${signal}, and the client disconnects`, async (t) => {
      const command = start(t, [npm.url, "--json", "--listen", "*"]);
      await command.prints(/"connect"/);
      const [{ sid }] = command.lines();
      command.child.kill(signal);
      assert.deepEqual([await command.ended(), command.err()], [exit, ""]);
      const { out } = await run(t, [npm.url, "--call", "left", JSON.stringify(sid)]);
      assert.equal(out, '"client namespace disconnect"\n');
    });
  }

  test("130 after SIGINT while the command connects, and while it waits for an answer", async (t) => {
    const silent = await startServer(t, "npm");
    const wire = await tap(t, silent.port);
    silent.freeze();
    const connecting = start(t, [wire.url, "--call", "echo"]);
    await until("the first request", () => wire.requests().length > 0);
    connecting.child.kill("SIGINT");
    assert.equal(await connecting.ended(), 130);
    const waiting = start(t, [npm.url, "--call", "echo", "1", "--call", "never"]);
    await waiting.prints(/1/);
    waiting.child.kill("SIGINT");
    assert.equal(await waiting.ended(), 130);
  });

  const isFull = { skip: !existsSync("/dev/full") && "no /dev/full here" };
  for (const [what, parameters] of [["an answer", ["--call", "echo", "1"]], ["lines of JSON", []], ["--help", ["--help"]]]) {
    test(`1 if ${what} cannot be written, which is printed once`, isFull, () => {
      const full = openSync("/dev/full", "w");
      const input = parameters.length > 0 ? "" : '{"call":["echo",1]}\n{"call":["echo",2]}\n';
      const { status, stderr } = spawnSync(COMMAND, [npm.url, ...parameters], { input, stdio: ["pipe", full, "pipe"], encoding: "utf8" });
      closeSync(full);
      assert.match(stderr, /^socketio-wasm: standard output: ENOSPC[^\n]*\n$/);
      assert.equal(status, 1);
    });
  }

  test("0 if the reader of the output closes it", async (t) => {
    const command = start(t, [npm.url, "--listen", "*"]);
    await command.prints(/"connect"/);
    command.child.stdout.destroy();
    command.say({ emit: ["burst", 3] });
    assert.deepEqual([await command.ended(), command.err()], [0, ""]);
  });
});
