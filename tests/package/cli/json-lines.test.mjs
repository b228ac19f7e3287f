// The command line that reads lines of JSON, and prints such. The servers are real ones.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { run, start } from "../../support/command.mjs";
import { startServer } from "../../support/server.mjs";
import { BASE64, files, npm } from "../../support/workplace.mjs";

describe("lines of JSON", () => {
  test("with --listen, the end of the input is not the end", async (t) => {
    const command = start(t, [npm.url, "--listen", "tick", "--listen", "echo-back"]);
    command.say({ emit: ["burst", 2] });
    command.child.stdin.end();
    await command.prints(/"args":\[1\]/);
    assert.equal(command.child.exitCode, null);
    command.child.kill("SIGINT");
    assert.equal(await command.ended(), 130);
  });

  test("many calls at once are no matter for a warning", async (t) => {
    const input = Array.from({ length: 30 }, (_, id) => ({ call: ["later", 50, id], id }));
    const { lines, err, code } = await run(t, [npm.url], { input });
    assert.deepEqual([err, code], ["", 0]);
    assert.deepEqual(lines.filter(({ call }) => call).map(({ answer }) => answer).sort((a, b) => a - b), input.map(({ id }) => id));
  });

  test("a disconnection waits for the calls of its own namespace, and for no others", async (t) => {
    const command = start(t, [npm.url]);
    command.say({ call: ["never"], id: "never", timeout: 600_000 });
    command.say({ connect: "/chat" });
    command.say({ call: ["later", 100, "x"], id: "chat", namespace: "/chat" });
    command.say({ disconnect: "/chat" });
    command.say({ call: ["echo"], id: "last" });
    await command.prints(/"id":"last"/);
    const told = command.lines().slice(1).map(({ id, connect, disconnect }) => id ?? connect ?? disconnect);
    assert.deepEqual(told, ["/chat", "chat", "/chat", "last"]);
  });

  test("no more is read than who reads the output takes", async (t) => {
    // Each much longer than what is said of it.
    const input = Array.from({ length: 10_000 }, () => `wrong${" ".repeat(1_000)}`);
    const command = start(t, [npm.url]);
    await command.prints(/"connect"/);
    command.child.stdout.pause();
    for (const line of input) command.say(line);
    command.child.stdin.end();
    // As long as it takes another one, whose output is read.
    const errors = (lines) => lines.filter(({ error }) => error).length;
    assert.equal(errors((await run(t, [npm.url], { input })).lines), input.length);
    const waiting = command.child.stdin.writableLength;
    assert.ok(waiting > 1_000_000, `${waiting} bytes wait to be read`);
    command.child.stdout.resume();
    assert.equal(await command.ended(), 1);
    assert.equal(errors(command.lines()), input.length);
  });

  test("no more is read than the server takes: while it does nothing, lines wait", async (t) => {
    const server = await startServer(t, "npm");
    const command = start(t, [server.url, "--transport", "polling", "--auth", '{"id":"pressed"}']);
    await command.prints(/"connect"/);
    server.freeze();
    // Behind each event a line that is wrong: what is said of it shows how far the input was read.
    const indices = Array.from({ length: 1_000 }, (_, index) => index);
    const input = indices.flatMap((index) => [{ emit: ["count", index] }, "wrong"]);
    for (const line of input) command.say(line);
    command.child.stdin.end();
    // As long as it takes another one to read the same, and to bring it to a server that works.
    const other = await run(t, [npm.url, "--transport", "polling", "--auth", '{"id":"unpressed"}'], { input });
    const errors = (lines) => lines.filter(({ error }) => error).length;
    assert.equal(errors(other.lines), indices.length);
    assert.ok(errors(command.lines()) < indices.length / 2, `${errors(command.lines())} lines were read`);
    server.thaw();
    assert.equal(await command.ended(), 1);
    assert.equal(errors(command.lines()), indices.length);
    const { out } = await run(t, [server.url, "--call", "counted", '"pressed"']);
    assert.deepEqual(JSON.parse(out), indices);
  });

  test("what it prints can be what another one reads: binary data stays binary, and what looks like it stays what it is", async (t) => {
    const odd = [{ $base64: BASE64 }, { $$base64: "AQID" }, { $$file: "/etc/hostname" }, { $$$file: 1 }, { $file: 1, b: 2 }, { $set: 1 }];
    const first = await run(t, [npm.url], { input: [{ call: ["echo", ...odd], id: 1 }] });
    const { answer } = first.lines.find(({ id }) => id === 1);
    assert.deepEqual(answer, odd);
    const again = await run(t, [npm.url], { input: [{ call: ["echo", answer], id: 1 }] });
    assert.deepEqual(again.lines.find(({ id }) => id === 1).answer, odd);
  });

  test("--save: the data is in files, whose names are in the same form", async (t) => {
    const { lines } = await run(t, [npm.url, "--save", "lines"], { input: [{ call: ["echo", { $base64: BASE64 }], id: 1 }], cwd: files });
    const { answer } = lines.find(({ id }) => id === 1);
    assert.deepEqual(answer, { $file: join("lines", "echo-1.bin") });
    const again = await run(t, [npm.url], { input: [{ call: ["echo", answer], id: 1 }], cwd: files });
    assert.deepEqual(again.lines.find(({ id }) => id === 1).answer, { $base64: BASE64 });
  });
});
