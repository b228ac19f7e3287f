// The command line without a terminal, with each server: answers, events, binary data, lines of JSON, serializers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { run } from "../../support/command.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { BASE64, BYTES, files } from "../../support/workplace.mjs";

for (const kind of SERVERS) {
  describe(`with a ${kind} server`, () => {
    const server = sharedServer(kind);

    test("--call prints the answers in the order of the calls, a line of JSON each", async (t) => {
      const calls = ["--call", "later", "100", '"first"', "--call", "echo", '{"a":[1,-2.5,null]}', "--call", "echo"];
      const { code, out, err } = await run(t, [server.url, ...calls]);
      assert.deepEqual([out, err, code], ['"first"\n{"a":[1,-2.5,null]}\n\n', "", 0]);
    });

    test("--emit sends all its values; --listen prints the events until --count", async (t) => {
      const emits = ["--emit", "echo-back", '"hi"', "-1", "true", "--emit", "echo-back", "2"];
      const { code, out } = await run(t, [server.url, ...emits, "--listen", "echo-back", "--count", "2"]);
      assert.deepEqual([out, code], ['echo-back "hi" -1 true\necho-back 2\n', 0]);
    });

    test("binary data from a file is printed as its size, and saved with --save", async (t) => {
      const parameters = [server.url, "--call", "echo", "@bytes.bin", "--call", "echo", '{"of":{"$file":"bytes.bin"},"and":{"$base64":"AQ=="}}'];
      const shown = await run(t, parameters, { cwd: files });
      assert.deepEqual([shown.out, shown.code], ['<binary, 5 bytes>\n{"of":<binary, 5 bytes>,"and":<binary, 1 byte>}\n', 0]);
      const saving = await run(t, [...parameters, "--save", `saved-${kind}/new`], { cwd: files });
      const name = (number) => join(`saved-${kind}/new`, `echo-${number}.bin`);
      assert.equal(saving.out, `<binary, 5 bytes: ${name(1)}>\n{"of":<binary, 5 bytes: ${name(2)}>,"and":<binary, 1 byte: ${name(3)}>}\n`);
      assert.deepEqual([1, 2, 3].map((number) => [...readFileSync(join(files, name(number)))]), [BYTES, BYTES, [1]]);
    });

    test("lines of JSON are read, and a line is printed for everything that happens", async (t) => {
      const { code, lines, err } = await run(t, [server.url], {
        input: [
          { call: ["later", 200, "slow"], id: 7 },
          "",
          { call: ["echo", { $base64: BASE64 }], id: { any: "thing" } },
          { emit: ["echo-back", "hello", { $base64: BASE64 }] },
          { connect: "/chat", auth: { of: 1 } },
          { call: ["echo"], namespace: "/chat" },
          { disconnect: "/chat" },
        ],
      });
      const of = (name, which = () => true) => lines.filter((line) => name in line && which(line));
      assert.deepEqual([err, code], ["", 0]);
      assert.deepEqual(of("event"), [{ event: "echo-back", args: ["hello", { $base64: BASE64 }], namespace: "/" }]);
      assert.deepEqual(of("answer", ({ id }) => id === 7), [{ answer: "slow", id: 7, call: "later", namespace: "/" }]);
      const binary = { answer: { $base64: BASE64 }, id: { any: "thing" }, call: "echo", namespace: "/" };
      assert.deepEqual(of("answer", ({ id }) => id?.any), [binary]);
      assert.deepEqual(of("connect").map(({ connect, sid }) => [connect, typeof sid]), [["/", "string"], ["/chat", "string"]]);
      assert.deepEqual(of("disconnect").map(({ disconnect, reason }) => `${disconnect} ${reason}`), ["/chat client disconnect", "/ client disconnect"]);
    });

    test("events that were emitted before the end of the input arrive", async (t) => {
      const id = `all-${kind}`;
      const input = Array.from({ length: 500 }, (_, index) => ({ emit: ["count", index] }));
      const { code } = await run(t, [server.url, "--auth", JSON.stringify({ id })], { input });
      assert.equal(code, 0);
      const { out } = await run(t, [server.url, "--call", "counted", JSON.stringify(id)]);
      assert.deepEqual(JSON.parse(out), Array.from({ length: 500 }, (_, index) => index));
    });

    test("--serializer msgpack calls and traces", async (t) => {
      const packed = await startServer(t, kind, { serializer: "msgpack" });
      const { out, err, code } = await run(t, [packed.url, "--serializer", "msgpack", "--call", "echo", '{"a":[1]}', "--trace"]);
      assert.deepEqual([out, code], ['{"a":[1]}\n', 0]);
      assert.match(err, /-> EVENT "echo" to \/, to be answered as \d+: (<binary, \d+ bytes>|b\S+)\n/);
      assert.match(err, /<- ACK from \/, answers "echo" /);
      assert.equal((await run(t, [packed.url, "--call", "echo", "1", "--timeout", "300"])).code, 2);
    });
  });
}

for (const serializer of ["cbor", "pickle"]) {
  test(`--serializer ${serializer} calls`, async (t) => {
    const server = await startServer(t, "python", { serializer });
    const { out, code } = await run(t, [server.url, "--serializer", serializer, "--call", "echo", "[1.5]", "--call", "evaluate", '"2**70"']);
    assert.deepEqual([out, code], ["[1.5]\n1180591620717411303424\n", 0]);
  });
}
