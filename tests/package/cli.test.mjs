// The command line without a terminal: its options, lines of JSON, binary data, exit codes. The servers are real ones.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as certificates from "../support/certificates.mjs";
import { COMMAND, run, start } from "../support/command.mjs";
import { folder } from "../support/installed.mjs";
import { listen } from "../support/listen.mjs";
import { open, websocketPeer } from "../support/peer.mjs";
import { SERVERS, startServer } from "../support/server.mjs";
import { tap } from "../support/tap.mjs";
import { until } from "../support/until.mjs";

const NOBODY = "http://127.0.0.1:9";
const BYTES = [0, 1, 254, 255, 10];
const BASE64 = Buffer.from(BYTES).toString("base64");

let npm;
let files; // a folder to work in
before(async () => {
  npm = await startServer({ after: () => {} }, "npm");
  files = mkdtempSync(join(folder, "cli-"));
  writeFileSync(join(files, "bytes.bin"), Buffer.from(BYTES));
  writeFileSync(join(files, "auth.json"), '{"token":"secret"}\n');
  writeFileSync(join(files, "wrong.json"), "token");
});
after(async () => {
  rmSync(files, { recursive: true });
  await npm.kill();
});

for (const kind of SERVERS) {
  describe(`with a ${kind} server`, () => {
    let server;
    before(async () => {
      server = await startServer({ after: () => {} }, kind);
    });
    after(() => server.kill());

    test("--call prints the answer, a line of JSON each, in the order in which they stand", async (t) => {
      const calls = ["--call", "later", "100", '"first"', "--call", "echo", '{"a":[1,-2.5,null]}', "--call", "echo"];
      const { code, out, err } = await run(t, [server.url, ...calls]);
      assert.deepEqual([out, err, code], ['"first"\n{"a":[1,-2.5,null]}\n\n', "", 0]);
    });

    test("--emit sends all its values; --listen prints what comes back, until --count", async (t) => {
      const emits = ["--emit", "echo-back", '"hi"', "-1", "true", "--emit", "echo-back", "2"];
      const { code, out } = await run(t, [server.url, ...emits, "--listen", "echo-back", "--count", "2"]);
      assert.deepEqual([out, code], ['echo-back "hi" -1 true\necho-back 2\n', 0]);
    });

    test("binary data from a file and back: shown by its size, saved with --save", async (t) => {
      const words = [server.url, "--call", "echo", "@bytes.bin", "--call", "echo", '{"of":{"$file":"bytes.bin"},"and":{"$base64":"AQ=="}}'];
      const shown = await run(t, words, { cwd: files });
      assert.deepEqual([shown.out, shown.code], ['<binary, 5 bytes>\n{"of":<binary, 5 bytes>,"and":<binary, 1 byte>}\n', 0]);
      const saving = await run(t, [...words, "--save", `saved-${kind}/new`], { cwd: files });
      const name = (number) => join(`saved-${kind}/new`, `echo-${number}.bin`);
      assert.equal(saving.out, `<binary, 5 bytes: ${name(1)}>\n{"of":<binary, 5 bytes: ${name(2)}>,"and":<binary, 1 byte: ${name(3)}>}\n`);
      assert.deepEqual([1, 2, 3].map((number) => [...readFileSync(join(files, name(number)))]), [BYTES, BYTES, [1]]);
    });

    test("lines of JSON in, and one out for whatever happens", async (t) => {
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

    test("at the end of the input, all that was emitted arrives", async (t) => {
      const id = `all-${kind}`;
      const input = Array.from({ length: 500 }, (_, index) => ({ emit: ["count", index] }));
      const { code } = await run(t, [server.url, "--auth", JSON.stringify({ id })], { input });
      assert.equal(code, 0);
      const { out } = await run(t, [server.url, "--call", "counted", JSON.stringify(id)]);
      assert.deepEqual(JSON.parse(out), Array.from({ length: 500 }, (_, index) => index));
    });

    test("--serializer msgpack", async (t) => {
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
  test(`--serializer ${serializer}`, async (t) => {
    const server = await startServer(t, "python", { serializer });
    const { out, code } = await run(t, [server.url, "--serializer", serializer, "--call", "echo", "[1.5]", "--call", "evaluate", '"2**70"']);
    assert.deepEqual([out, code], ["[1.5]\n1180591620717411303424\n", 0]);
  });
}

describe("options", () => {
  test("--namespace: several are connected, and emits and calls go to the last one before them", async (t) => {
    const of = (namespace) => ["--emit", "echo-back", JSON.stringify(namespace)];
    const words = [...of("the first one"), "-n", "/chat", ...of("/chat"), "--namespace=/early", ...of("/early")];
    const { out, code } = await run(t, [npm.url, ...words, "--listen", "echo-back", "--count", "3"]);
    const rows = ['/chat echo-back "the first one"', '/chat echo-back "/chat"', '/early echo-back "/early"'];
    assert.deepEqual([out.trim().split("\n").sort(), code], [rows.sort(), 0]);
  });

  for (const [what, auth] of [["as JSON", '{"token":"secret"}'], ["in a file", "@auth.json"]]) {
    test(`--auth ${what}`, async (t) => {
      const { out, code } = await run(t, [npm.url, "-n", "/auth", "--auth", auth, "--call", "auth"], { cwd: files });
      assert.deepEqual([out, code], ['{"token":"secret"}\n', 0]);
    });
  }

  for (const transport of ["polling", "websocket", "polling,websocket"]) {
    test(`--header and --transport ${transport}`, async (t) => {
      const wire = await tap(t, npm.port);
      const words = [wire.url, "--transport", transport, "--header", "X-One: 1:2", "-H", "x-two:b", "--call", "echo", "1"];
      assert.equal((await run(t, words)).code, 0);
      const used = wire.requests().map(({ line }) => /transport=(\w+)/.exec(line)[1]);
      assert.deepEqual([...new Set(used)], transport.split(","));
      for (const { headers } of wire.requests()) assert.deepEqual([headers["x-one"], headers["x-two"]], ["1:2", "b"]);
    });
  }

  test("--path, and a query in the URL", async (t) => {
    const wire = await tap(t, npm.port);
    const { code, err } = await run(t, [`${wire.url}?token=a`, "--path", "/else/where", "--call", "echo"]);
    assert.equal(code, 2);
    assert.match(err, /404/);
    assert.match(wire.requests()[0].line, /^GET \/else\/where\/\?token=a&transport=polling/);
  });

  test("--protocol: an old server is found out, or said to be one; the other way round it is refused", async (t) => {
    const old = await startServer(t, "npm", { library: "socket.io-2" });
    for (const words of [[], ["--protocol", "4"], ["--protocol", "4", "--transport", "websocket"]]) {
      const { out, code } = await run(t, [old.url, ...words, "--call", "echo", '{"$base64":"AQI="}', '"é"']);
      assert.deepEqual([out, code], ['[<binary, 2 bytes>,"é"]\n', 0]);
    }
    for (const [url, protocol] of [[old.url, "5"], [npm.url, "4"]]) {
      const { out, code } = await run(t, [url, "--protocol", protocol, "--call", "echo", "1"]);
      assert.deepEqual([out, code], ["", 2]);
    }
  });

  test("--timeout: a call without an answer is exit code 3, and what stands behind it is not done", async (t) => {
    const { code, err, out } = await run(t, [npm.url, "--timeout", "100", "--call", "never", "--call", "echo", "1"]);
    assert.deepEqual([code, out], [3, ""]);
    assert.match(err, /never.*100 ms/);
  });

  test("--timeout holds for connecting, too", async (t) => {
    const silent = await startServer(t, "npm");
    silent.freeze();
    const { code, err } = await run(t, [silent.url, "--timeout", "200", "--call", "echo"]);
    assert.equal(code, 2);
    assert.match(err, /200 ms \(--timeout\)/);
  });

  test("an event whose name is empty, or begins as an option does, behind --", async (t) => {
    const peer = await websocketPeer(t, (socket) => socket.on("message", (packet) => socket.send(String(packet))));
    const words = ["--transport", "websocket", "--listen", "", "--listen=-odd", "--count", "2"];
    const { out, code } = await run(t, [peer.url, ...words, "--emit", "", "1", "--emit", "--", "-odd", "2"]);
    assert.deepEqual([out, code], ['"" 1\n-odd 2\n', 0]);
  });

  test("--retry waits for a server that is not there yet, and goes on when it is lost", async (t) => {
    const server = await startServer(t, "npm");
    await server.kill();
    const command = start(t, [server.url, "--retry", "--listen", "tick", "--json", "--auth", '{"id":"retry"}']);
    await command.prints(/"connect_error":"\/"/);
    await server.start();
    await command.prints(/"connect":"\/"/);
    await server.kill();
    await command.prints(/"disconnect":"\/","reason":"transport error"/);
    await server.start();
    await until("the second connection", () => command.lines().filter(({ connect }) => connect).length === 2);
    command.say({ emit: ["burst", 1] });
    await command.prints(/"event":"tick","args":\[0\]/);
    command.child.kill("SIGINT");
    assert.equal(await command.ended(), 130);
  });

  test("--retry in words: a failure that goes on is told once, and so is its end", async (t) => {
    const server = await startServer(t, "npm");
    await server.kill();
    const command = start(t, [server.url, "--retry", "--wait", "200", "--trace"]);
    await until("the third attempt", () => command.err().split("-> GET").length > 3);
    await server.start();
    assert.equal(await command.ended(), 0);
    const told = command.err().split("\n").filter((line) => !/^(\+|trace:)/.test(line)).join("\n");
    assert.match(told, /^not connected to \/: [^\n]+ECONNREFUSED[^\n]+\nconnected to \/ over \w+, sid \S+\n$/);
  });

  test("--ca and --insecure, for https", async (t) => {
    const { port } = await startServer(t, "npm", { tls: certificates.server });
    const asked = (...words) => run(t, [`https://127.0.0.1:${port}`, "--call", "echo", "1", ...words]);
    const unknown = await asked();
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /certificate/);
    assert.equal((await asked("--ca", certificates.otherCa)).code, 2);
    assert.deepEqual([(await asked("--ca", certificates.ca)).out, (await asked("-k")).out], ["1\n", "1\n"]);
  });

  test("--listen prints the events that it names, and those alone", async (t) => {
    const emits = ["--emit", "burst", "2", "--emit", "echo-back", "1", "--emit", "ask", "3"];
    const named = await run(t, [npm.url, ...emits, "--listen", "echo-back", "--listen", "question", "--count", "2"]);
    assert.equal(named.out, "echo-back 1\nquestion 3\n");
    const any = await run(t, [npm.url, ...emits, "--listen", "*", "--count", "5"]);
    assert.equal(any.out, "tick 0\ntick 1\necho-back 1\nquestion 3\nanswered\n");
  });

  test("--count leaves after so many events, of those that come in one piece, too", async (t) => {
    const { out, code } = await run(t, [npm.url, "--emit", "burst", "5", "--count", "3"]);
    assert.deepEqual([out, code], ["tick 0\ntick 1\ntick 2\n", 0]);
  });

  test("--wait leaves after its time; where --count was not reached by then, with exit code 3", async (t) => {
    assert.deepEqual((await run(t, [npm.url, "--wait", "50"])).code, 0);
    const { code, err, out } = await run(t, [npm.url, "--emit", "burst", "1", "--count", "2", "--wait", "300"]);
    assert.deepEqual([code, out], [3, "tick 0\n"]);
    assert.match(err, /1 event of 2 within 300 ms/);
  });

  test("--json has a line of JSON for whatever happens", async (t) => {
    const { lines, code } = await run(t, [npm.url, "--json", "--call", "echo", "[1,2]", "--emit", "burst", "1", "--count", "1"]);
    const [connected, ...others] = lines;
    assert.equal(connected.connect, "/");
    assert.deepEqual(others, [
      { answer: [1, 2], call: "echo", namespace: "/" },
      { event: "tick", args: [0], namespace: "/" },
      { disconnect: "/", reason: "client disconnect", cause: "client disconnect" },
    ]);
    assert.equal(code, 0);
  });

  test("--help tells of every option, command form and exit code; --version is the package's", async (t) => {
    const { out, code } = await run(t, ["--help"]);
    assert.equal(code, 0);
    const options = ["namespace", "auth", "header", "transport", "path", "protocol", "serializer", "timeout", "retry", "ca", "insecure"];
    for (const name of [...options, "emit", "call", "listen", "count", "wait", "json", "save", "trace", "history", "no-history", "help", "version"]) {
      assert.match(out, new RegExp(`^  (-\\w, )?--${name}\\b`, "m"), name);
    }
    for (const exit of [0, 1, 2, 3, 4, 130]) assert.match(out, new RegExp(`^  ${exit} +\\w`, "m"));
    assert.ok(out.split("\n").every((line) => line.length <= 135), "a line is too long for a terminal");
    assert.equal((await run(t, ["-h"])).out, out);
    const { version } = JSON.parse(readFileSync(join(folder, "node_modules/socketio-wasm/package.json"), "utf8"));
    assert.equal((await run(t, ["--version"])).out, `${version}\n`);
    assert.equal(execFileSync("npx", ["--no", "--", "socketio-wasm", "-v"], { cwd: folder, encoding: "utf8" }), `${version}\n`);
  });
});

describe("what is wrong is named, with what to do, and is exit code 1", () => {
  const TABLE = [
    [[], /URL is missing/],
    [["http://"], /"http:\/\/" is no URL of a server, such as http:\/\/localhost:3000/],
    [[NOBODY, "http://else"], /"http:\/\/else" stands behind no option/],
    [[`${NOBODY}/chat`], /no path: \/chat is --namespace \/chat, or --path \/chat/],
    [["ftp://x"], /"ftp:\/\/x" is no URL of a server/],
    [[NOBODY, "--frob"], /--frob is no option: --help lists them/],
    [[NOBODY, "-x"], /-x is no option/],
    [[NOBODY, "--retry=yes"], /--retry takes no value/],
    [[NOBODY, "--path"], /--path takes a value: --path PATH/],
    [[NOBODY, "--emit"], /--emit takes a value: --emit EVENT \[JSON\.\.\.\]/],
    [[NOBODY, "--emit", "--call", "x"], /--emit takes a value/],
    [[NOBODY, "--emit", "say", "1", "hello"], /--emit say, value 2: "hello" is no JSON .*: "hello", in a shell '"hello"'/],
    [[NOBODY, "--call", "say", "{a:1}"], /--call say, value 1: "\{a:1\}" is no JSON/],
    [["--emit", "say", NOBODY], /The URL of the server stands before the options/],
    [[NOBODY, "--emit", "say", "@none.bin"], /The file "none.bin" cannot be read: ENOENT/],
    [[NOBODY, "--emit", "say", '{"$base64":"a b"}'], /"a b"\} is no base64/],
    [[NOBODY, "--emit", "say", '{"$file":1}'], /must have a text/],
    [[NOBODY, "--emit", "connect"], /Invalid event name "connect"/],
    [[NOBODY, "--namespace", "chat"], /--namespace chat: a namespace begins with "\/"/],
    [[NOBODY, "--auth", "abc"], /--auth: "abc" is no JSON/],
    [[NOBODY, "--auth", "@wrong.json"], /--auth: .* is no JSON/],
    [[NOBODY, "--auth", "@none.json"], /--auth: The file "none.json" cannot be read/],
    [[NOBODY, "--path", ""], /--path takes a value: --path PATH/],
    [[NOBODY, "--wait", "1", "--", "--emit"], /"--emit" stands behind no option/],
    [[NOBODY, "--header", "X-One"], /--header "X-One" is no header: it is written as --header "Name: value"/],
    [[NOBODY, "--header", "X: a\nb"], /is no header: .* in one line/],
    [[NOBODY, "--transport", "websockets"], /--transport "websockets": it must be one of polling, websocket/],
    [[NOBODY, "--protocol", "3"], /--protocol "3": it must be one of 4, 5/],
    [[NOBODY, "--serializer", "json"], /--serializer "json": it must be one of default, msgpack, cbor, pickle/],
    [[NOBODY, "--timeout", "5s"], /--timeout "5s": it must be a whole number/],
    [[NOBODY, "--count", "-1"], /--count "-1": it must be a whole number/],
    [[NOBODY, "--wait", "soon"], /--wait "soon"/],
    [[NOBODY, "--ca", "none.pem"], /--ca.*none\.pem/],
    [[NOBODY, "--save", "bytes.bin"], /--save bytes.bin: there cannot be such a folder/],
  ];
  for (const [words, message] of TABLE) {
    test(words.join(" ") || "no words", async (t) => {
      // An event's name is checked when it is emitted: that one needs a server.
      const { code, err, out } = await run(t, words.map((word) => (word === NOBODY && words.includes("connect") ? npm.url : word)), { cwd: files });
      assert.match(err, message);
      assert.doesNotMatch(err, /^ +at /m); // no stack
      assert.deepEqual([code, out], [1, ""]);
    });
  }

  test("a wrong line of JSON: its number, and the others are done", async (t) => {
    const input = [
      "nonsense",
      "7",
      { emit: "x" },
      { emit: [] },
      { call: ["echo"], timeout: "1" },
      { emit: ["a"], when: 1 },
      { say: 1 },
      { call: ["echo", 1], id: 1 },
      { emit: ["x", { $file: "none" }], namespace: "/" },
      { emit: ["x"], namespace: "/none" },
      { emit: ["disconnect"] },
    ];
    const { lines, code } = await run(t, [npm.url], { input, cwd: files });
    const errors = lines.filter(({ error }) => error).map(({ error, line }) => [line, error.code, error.message]);
    assert.deepEqual(errors.map(([line, code]) => [line, code]), [
      ...[1, 2, 3, 4, 5, 6, 7].map((line) => [line, "USAGE"]),
      [9, "USAGE"],
      [10, "BAD_NAMESPACE"],
      [11, "INVALID_EVENT"],
    ]);
    assert.match(errors[8][2], /\/none is not connected: --namespace \/none, or a line \{"connect":"\/none"\}, connects it/);
    assert.match(errors[2][2], /"emit" is not an array of the event's name and its values, such as \["say","hello"\]/);
    assert.match(errors[5][2], /"when" has no meaning beside "emit"/);
    assert.deepEqual(lines.filter(({ id }) => id === 1).map(({ answer }) => answer), [1]);
    assert.equal(code, 1);
  });
});

describe("exit codes", () => {
  test("2: nobody listens, or a namespace refuses; said once, in the server's own words", async (t) => {
    const rows = [
      [[NOBODY], /127\.0\.0\.1/],
      [[npm.url, "-n", "/refuse"], /no entry/],
      [[npm.url, "-n", "/", "-n", "/refuse-data"], /nope/],
    ];
    for (const [words, message] of rows) {
      const { code, err, out } = await run(t, [...words, "--call", "echo"]);
      assert.match(err, message);
      assert.deepEqual([code, out, err.trim().split("\n").length], [2, "", 1]);
    }
    const { lines: [unreachable] } = await run(t, [NOBODY]);
    assert.deepEqual(Object.keys(unreachable), ["connect_error", "error"]); // no data: nobody has sent any
    const { lines, code } = await run(t, [npm.url, "-n", "/refuse-data"]);
    const error = { code: "REFUSED", message: lines[0].error.message };
    assert.deepEqual(lines, [{ connect_error: "/refuse-data", error, data: { message: "nope", data: { code: 7 } } }]);
    assert.equal(code, 2);
  });

  test("2: what to do about it is an option of the command, or a line", async (t) => {
    const none = await listen(t, (request, response) => response.end("hello"));
    const mute = await listen(t, (request, response) => request.method === "POST" ? response.end("ok") : !request.url.includes("sid=") && response.end(open()));
    const said = async (...words) => (await run(t, [...words, "--call", "echo"])).err;
    assert.match(await said(none.url), /check the URL and --path/);
    assert.match(await said(mute.url, "--transport", "polling", "--timeout", "200"), /raise --timeout for a slow server/);
  });

  test("2: a namespace that a line asks for", async (t) => {
    const { lines, code } = await run(t, [npm.url], { input: [{ connect: "/refuse" }, { call: ["echo", 1] }] });
    assert.deepEqual(lines.map((line) => Object.keys(line)[0]), ["connect", "connect_error", "answer", "disconnect"]);
    assert.equal(code, 2);
  });

  test("3: a call of a line that has no answer in its time; the others have theirs", async (t) => {
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
    test(`4: ${what}`, async (t) => {
      const words = await run(t, [npm.url, "--emit", event, "--listen", "*"]);
      assert.equal(words.code, 4);
      assert.match(words.err, new RegExp(`disconnected from /: ${reason}`));
      assert.equal((await run(t, [npm.url, "--emit", event, "--call", "never"])).code, 4);
      // The input stays open: the end of the connection is the end.
      const lines = start(t, [npm.url]);
      lines.say({ emit: [event] });
      assert.equal(await lines.ended(), 4);
      assert.equal(lines.lines().at(-1).reason, reason);
    });
  }

  for (const [signal, exit] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]]) {
    test(`${exit}: ${signal}, and the server is told`, async (t) => {
      const command = start(t, [npm.url, "--json", "--listen", "*"]);
      await command.prints(/"connect"/);
      const [{ sid }] = command.lines();
      command.child.kill(signal);
      assert.deepEqual([await command.ended(), command.err()], [exit, ""]);
      const { out } = await run(t, [npm.url, "--call", "left", JSON.stringify(sid)]);
      assert.equal(out, '"client namespace disconnect"\n');
    });
  }

  test("130: SIGINT while it connects, and while it waits for an answer", async (t) => {
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
  for (const [what, words] of [["an answer", ["--call", "echo", "1"]], ["lines of JSON", []], ["--help", ["--help"]]]) {
    test(`1: ${what} that cannot be written, which is said once`, isFull, () => {
      const full = openSync("/dev/full", "w");
      const input = words.length > 0 ? "" : '{"call":["echo",1]}\n{"call":["echo",2]}\n';
      const { status, stderr } = spawnSync(COMMAND, [npm.url, ...words], { input, stdio: ["pipe", full, "pipe"], encoding: "utf8" });
      closeSync(full);
      assert.match(stderr, /^socketio-wasm: standard output: ENOSPC[^\n]*\n$/);
      assert.equal(status, 1);
    });
  }

  test("0: a reader of the output that has what it wanted", async (t) => {
    const command = start(t, [npm.url, "--listen", "*"]);
    await command.prints(/"connect"/);
    command.child.stdout.destroy();
    command.say({ emit: ["burst", 3] });
    assert.deepEqual([await command.ended(), command.err()], [0, ""]);
  });
});

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

describe("what a hostile server sends", () => {
  const ESCAPE = "\u001b]0;owned\u0007\u001b[2J";
  const HOSTILE = `${ESCAPE}\u009b2J\u202e\u2028\u007f`;
  const packet = (values) => `42${JSON.stringify(values)}`;

  for (const [what, words] of [["in words", []], ["in JSON", ["--json"]], ["in a trace", ["--trace"]]]) {
    test(`writes no control characters ${what}`, async (t) => {
      const peer = await websocketPeer(t, (socket) => {
        socket.send(packet([`ev${HOSTILE}`, HOSTILE, { [HOSTILE]: 1 }]));
        socket.send(packet(["a b", 1]));
        socket.send(`41/${HOSTILE},`);
      });
      const { out, err } = await run(t, [peer.url, "--transport", "websocket", ...words, "--count", "2"]);
      assert.doesNotMatch(out + err, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
      assert.match(out, /owned/);
      if (words.length === 0) assert.match(out, /^"a b" 1$/m); // a name with spaces is told from its values
    });
  }

  test("writes no character that nobody sees, in names or in texts", async (t) => {
    const ranges = [[0, 0x1f], [0x7f, 0x9f], [0xad, 0xad], [0x61c, 0x61c], [0x200b, 0x200f], [0x2028, 0x202e], [0x2060, 0x2064], [0x2066, 0x206f]];
    const unseen = [...ranges, [0xfeff, 0xfeff], [0xe0001, 0xe0001], [0xe0020, 0xe007f]].flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index)),
    );
    const peer = await websocketPeer(t, (socket) => socket.send(packet([`a${unseen.join("")}`, unseen, "é ü 👍"])));
    for (const words of [[], ["--json"]]) {
      const { out } = await run(t, [peer.url, "--transport", "websocket", ...words, "--count", "1"]);
      const raw = unseen.filter((character) => character !== "\n" && out.includes(character));
      assert.deepEqual(raw.map((character) => character.codePointAt(0).toString(16)), []);
      assert.match(out, /\\u200b.*\\udb40\\udc01.*"é ü 👍"/);
    }
  });

  test("is shown however deeply it is nested", async (t) => {
    const levels = 20_000;
    const nested = [`${"[".repeat(levels)}${"]".repeat(levels)}`, `${'{"x":'.repeat(levels)}1${"}".repeat(levels)}`];
    const peer = await websocketPeer(t, (socket) => socket.send(`42["deep",${nested}]`));
    const shown = await run(t, [peer.url, "--transport", "websocket", "--count", "1"]);
    assert.deepEqual([shown.out, shown.err, shown.code], [`deep ${nested.join(" ")}\n`, "", 0]);
    const json = await run(t, [peer.url, "--transport", "websocket", "--count", "1", "--json"]);
    assert.ok(json.out.includes(`{"event":"deep","args":[${nested}],"namespace":"/"}\n`));
    assert.equal(json.code, 0);
  });

  test("writes none in an error", async (t) => {
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

  test("ends no trace", async (t) => {
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

  test("a value that cannot be saved is a failure, and not the end", async (t) => {
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

// A disk that is full, for the process that imports it.
const UNWRITABLE = `
  import fs from "node:fs";
  import { syncBuiltinESMExports } from "node:module";
  fs.writeFileSync = () => { throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" }); };
  syncBuiltinESMExports();
`;
