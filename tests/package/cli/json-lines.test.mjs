// The command line with lines of JSON as its input and output, with real servers.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { run, start } from "../../support/command.mjs";
import { startServer } from "../../support/server.mjs";
import { BASE64, files, npm } from "../../support/workplace.mjs";

describe("lines of JSON", () => {
  test("with --listen, the command goes on after the end of its input", async (t) => {
    const command = start(t, [npm.url, "--listen", "tick", "--listen", "echo-back"]);
    command.say({ emit: ["burst", 2] });
    command.child.stdin.end();
    await command.prints(/"args":\[1\]/);
    assert.equal(command.child.exitCode, null);
    command.child.kill("SIGINT");
    assert.equal(await command.ended(), 130);
  });

  test("many calls at once cause no warning", async (t) => {
    const input = Array.from({ length: 30 }, (_, id) => ({ call: ["later", 50, id], id }));
    const { lines, err, code } = await run(t, [npm.url], { input });
    assert.deepEqual([err, code], ["", 0]);
    assert.deepEqual(lines.filter(({ call }) => call).map(({ answer }) => answer).sort((a, b) => a - b), input.map(({ id }) => id));
  });

  test("a disconnection waits for the calls of its own namespace alone", async (t) => {
    const command = start(t, [npm.url]);
    command.say({ call: ["never"], id: "never", timeout: 600_000 });
    command.say({ connect: "/chat" });
    command.say({ call: ["later", 100, "x"], id: "chat", namespace: "/chat" });
    command.say({ disconnect: "/chat" });
    command.say({ call: ["echo"], id: "last" });
    await command.prints(/"id":"last"/);
    const order = command.lines().slice(1).map(({ id, connect, disconnect }) => id ?? connect ?? disconnect);
    assert.deepEqual(order, ["/chat", "chat", "/chat", "last"]);
  });

  test("the command reads no more input while nobody reads its output", async (t) => {
    // Each line is much longer than the message about it.
    const input = Array.from({ length: 10_000 }, () => `wrong${" ".repeat(1_000)}`);
    const command = start(t, [npm.url]);
    await command.prints(/"connect"/);
    command.child.stdout.pause();
    for (const line of input) command.say(line);
    command.child.stdin.end();
    // Waits as long as another command takes, whose output is read.
    const errors = (lines) => lines.filter(({ error }) => error).length;
    assert.equal(errors((await run(t, [npm.url], { input })).lines), input.length);
    const waiting = command.child.stdin.writableLength;
    assert.ok(waiting > 1_000_000, `${waiting} bytes were not read`);
    command.child.stdout.resume();
    assert.equal(await command.ended(), 1);
    assert.equal(errors(command.lines()), input.length);
  });

  test("the command reads no more input while the server reads nothing", async (t) => {
    const server = await startServer(t, "npm");
    const command = start(t, [server.url, "--transport", "polling", "--auth", '{"id":"pressed"}']);
    await command.prints(/"connect"/);
    server.freeze();
    // After each event there is a malformed line, whose message shows how far the input was read.
    const indices = Array.from({ length: 1_000 }, (_, index) => index);
    const input = indices.flatMap((index) => [{ emit: ["count", index] }, "wrong"]);
    for (const line of input) command.say(line);
    command.child.stdin.end();
    // Waits as long as another command takes for the same input, with a server that works.
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

  test("the output may be the input of another command: binary data stays binary, and objects that look like it stay objects", async (t) => {
    const odd = [{ $base64: BASE64 }, { $$base64: "AQID" }, { $$file: "/etc/hostname" }, { $$$file: 1 }, { $file: 1, b: 2 }, { $set: 1 }];
    const first = await run(t, [npm.url], { input: [{ call: ["echo", ...odd], id: 1 }] });
    const { answer } = first.lines.find(({ id }) => id === 1);
    assert.deepEqual(answer, odd);
    const again = await run(t, [npm.url], { input: [{ call: ["echo", answer], id: 1 }] });
    assert.deepEqual(again.lines.find(({ id }) => id === 1).answer, odd);
  });

  test("with --save, binary data is in files, whose names may be input again", async (t) => {
    const { lines } = await run(t, [npm.url, "--save", "lines"], { input: [{ call: ["echo", { $base64: BASE64 }], id: 1 }], cwd: files });
    const { answer } = lines.find(({ id }) => id === 1);
    assert.deepEqual(answer, { $file: join("lines", "echo-1.bin") });
    const again = await run(t, [npm.url], { input: [{ call: ["echo", answer], id: 1 }], cwd: files });
    assert.deepEqual(again.lines.find(({ id }) => id === 1).answer, { $base64: BASE64 });
  });
});
