// The options of the command line, and the messages about wrong ones, with real servers.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import * as certificates from "../../support/certificates.mjs";
import { run, start } from "../../support/command.mjs";
import { folder } from "../../support/installed.mjs";
import { websocketPeer } from "../../support/peer.mjs";
import { startServer } from "../../support/server.mjs";
import { tap } from "../../support/tap.mjs";
import { until } from "../../support/until.mjs";
import { NOBODY, files, npm } from "../../support/workplace.mjs";

describe("options", () => {
  test("--namespace may be repeated; --emit and --call use the last one before them", async (t) => {
    const of = (namespace) => ["--emit", "echo-back", JSON.stringify(namespace)];
    const parameters = [...of("the first one"), "-n", "/chat", ...of("/chat"), "--namespace=/early", ...of("/early")];
    const { out, code } = await run(t, [npm.url, ...parameters, "--listen", "echo-back", "--count", "3"]);
    const rows = ['/chat echo-back "the first one"', '/chat echo-back "/chat"', '/early echo-back "/early"'];
    assert.deepEqual([out.trim().split("\n").sort(), code], [rows.sort(), 0]);
  });

  for (const [what, auth] of [["as JSON", '{"token":"secret"}'], ["in a file", "@auth.json"]]) {
    test(`--auth ${what} reaches the server`, async (t) => {
      const { out, code } = await run(t, [npm.url, "-n", "/auth", "--auth", auth, "--call", "auth"], { cwd: files });
      assert.deepEqual([out, code], ['{"token":"secret"}\n', 0]);
    });
  }

  for (const transport of ["polling", "websocket", "polling,websocket"]) {
    test(`--header is sent with every request of --transport ${transport}`, async (t) => {
      const wire = await tap(t, npm.port);
      const parameters = [wire.url, "--transport", transport, "--header", "X-One: 1:2", "-H", "x-two:b", "--call", "echo", "1"];
      assert.equal((await run(t, parameters)).code, 0);
      const used = wire.requests().map(({ line }) => /transport=(\w+)/.exec(line)[1]);
      assert.deepEqual([...new Set(used)], transport.split(","));
      for (const { headers } of wire.requests()) assert.deepEqual([headers["x-one"], headers["x-two"]], ["1:2", "b"]);
    });
  }

  test("--path and the query of the URL are used", async (t) => {
    const wire = await tap(t, npm.port);
    const { code, err } = await run(t, [`${wire.url}?token=a`, "--path", "/else/where", "--call", "echo"]);
    assert.equal(code, 2);
    assert.match(err, /404/);
    assert.match(wire.requests()[0].line, /^GET \/else\/where\/\?token=a&transport=polling/);
  });

  test("an old server is detected, or set by --protocol; a wrong --protocol fails", async (t) => {
    const old = await startServer(t, "npm", { library: "socket.io-2" });
    for (const parameters of [[], ["--protocol", "4"], ["--protocol", "4", "--transport", "websocket"]]) {
      const { out, code } = await run(t, [old.url, ...parameters, "--call", "echo", '{"$base64":"AQI="}', '"é"']);
      assert.deepEqual([out, code], ['[<binary, 2 bytes>,"é"]\n', 0]);
    }
    for (const [url, protocol] of [[old.url, "5"], [npm.url, "4"]]) {
      const { out, code } = await run(t, [url, "--protocol", protocol, "--call", "echo", "1"]);
      assert.deepEqual([out, code], ["", 2]);
    }
  });

  test("--timeout ends a call without an answer with exit code 3, and the actions behind it are not done", async (t) => {
    const { code, err, out } = await run(t, [npm.url, "--timeout", "1000", "--call", "never", "--call", "echo", "1"]);
    assert.deepEqual([code, out], [3, ""]);
    assert.match(err, /never.*1000 ms/);
  });

  test("--timeout applies to connecting, too", async (t) => {
    const silent = await startServer(t, "npm");
    silent.freeze();
    const { code, err } = await run(t, [silent.url, "--timeout", "200", "--call", "echo"]);
    assert.equal(code, 2);
    assert.match(err, /200 ms \(--timeout\)/);
  });

  test("an event may have an empty name, or behind -- a name that begins like an option", async (t) => {
    const peer = await websocketPeer(t, (socket) => socket.on("message", (packet) => socket.send(String(packet))));
    const parameters = ["--transport", "websocket", "--listen", "", "--listen=-odd", "--count", "2"];
    const { out, code } = await run(t, [peer.url, ...parameters, "--emit", "", "1", "--emit", "--", "-odd", "2"]);
    assert.deepEqual([out, code], ['"" 1\n-odd 2\n', 0]);
  });

  test("--retry waits for a server that has not started, and reconnects after a loss", async (t) => {
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

  test("--retry prints a lasting failure once, and its end once", async (t) => {
    const server = await startServer(t, "npm");
    await server.kill();
    const command = start(t, [server.url, "--retry", "--wait", "200", "--trace"]);
    await until("the third attempt", () => command.err().split("-> GET").length > 3);
    await server.start();
    assert.equal(await command.ended(), 0);
    const printed = command.err().split("\n").filter((line) => !/^(\+|trace:)/.test(line)).join("\n");
    assert.match(printed, /^not connected to \/: [^\n]+ECONNREFUSED[^\n]+\nconnected to \/ over \w+, sid \S+\n$/);
  });

  test("--ca and --insecure accept the certificate of an https server", async (t) => {
    const { port } = await startServer(t, "npm", { tls: certificates.server });
    const asked = (...parameters) => run(t, [`https://127.0.0.1:${port}`, "--call", "echo", "1", ...parameters]);
    const unknown = await asked();
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /certificate/);
    assert.equal((await asked("--ca", certificates.otherCa)).code, 2);
    assert.deepEqual([(await asked("--ca", certificates.ca)).out, (await asked("-k")).out], ["1\n", "1\n"]);
  });

  test("--listen prints the named events alone", async (t) => {
    const emits = ["--emit", "burst", "2", "--emit", "echo-back", "1", "--emit", "ask", "3"];
    const named = await run(t, [npm.url, ...emits, "--listen", "echo-back", "--listen", "question", "--count", "2"]);
    assert.equal(named.out, "echo-back 1\nquestion 3\n");
    const any = await run(t, [npm.url, ...emits, "--listen", "*", "--count", "5"]);
    assert.equal(any.out, "tick 0\ntick 1\necho-back 1\nquestion 3\nanswered\n");
  });

  test("--count ends the command after so many events, also of events that arrive in one piece", async (t) => {
    const { out, code } = await run(t, [npm.url, "--emit", "burst", "5", "--count", "3"]);
    assert.deepEqual([out, code], ["tick 0\ntick 1\ntick 2\n", 0]);
  });

  test("--wait ends the command after its time, with exit code 3 if --count was not reached", async (t) => {
    assert.deepEqual((await run(t, [npm.url, "--wait", "50"])).code, 0);
    const { code, err, out } = await run(t, [npm.url, "--emit", "burst", "1", "--count", "2", "--wait", "300"]);
    assert.deepEqual([code, out], [3, "tick 0\n"]);
    assert.match(err, /1 event of 2 within 300 ms/);
  });

  test("--json prints a line of JSON for everything that happens", async (t) => {
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

  test("--help lists every option, command and exit code; --version prints the package's", async (t) => {
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

describe("a mistake ends the command with exit code 1 and a message that says what to do", () => {
  const TABLE = [
    [[], /URL is missing/],
    [["http://"], /A string of 7 characters is no URL of a server, such as http:\/\/localhost:3000/],
    [[NOBODY, "http://else"], /Word 2 of the command stands behind no option\. .* Put quotes round/],
    [[`${NOBODY}/chat`], /no path: \/chat is --namespace \/chat, or --path \/chat/],
    [["ftp://x"], /A string of 7 characters is no URL of a server/],
    [[NOBODY, "--frob"], /--frob is no option: --help lists them/],
    [[NOBODY, "-x"], /-x is no option/],
    [[NOBODY, "--retry=yes"], /--retry takes no value/],
    [[NOBODY, "--path"], /--path takes a value: --path PATH/],
    [[NOBODY, "--emit"], /--emit takes a value: --emit EVENT \[JSON\.\.\.\]/],
    [[NOBODY, "--emit", "--call", "x"], /--emit takes a value/],
    [[NOBODY, "--emit", "say", "1", "hello"], /--emit say, value 2: A string of 5 characters is no JSON.*: "hello", in a shell '"hello"'/],
    [[NOBODY, "--call", "say", "{a:1}"], /--call say, value 1: A string of 5 characters is no JSON \(it is wrong at position 1\)/],
    [["--emit", "say", NOBODY], /The URL of the server stands before the options/],
    [[NOBODY, "--emit", "say", "@none.bin"], /The file "none.bin" cannot be read \(ENOENT\)/],
    [[NOBODY, "--emit", "say", '{"$base64":"a b"}'], /\{"\$base64": …\} is no base64/],
    [[NOBODY, "--emit", "say", '{"$file":1}'], /\{"\$file": …\} must have a string/],
    [[NOBODY, "--emit", "connect"], /Invalid event name \("connect"\)/],
    [[NOBODY, "--namespace", "chat"], /--namespace: a namespace begins with "\/", such as --namespace \/chat/],
    [[NOBODY, "--auth", "abc"], /--auth: A string of 3 characters is no JSON/],
    [[NOBODY, "--auth", "@wrong.json"], /--auth: .* is no JSON/],
    [[NOBODY, "--auth", "@none.json"], /--auth: The file cannot be read \(ENOENT\)/],
    [[NOBODY, "--path", ""], /--path takes a value: --path PATH/],
    [[NOBODY, "--wait", "1", "--", "--emit"], /Word 5 of the command stands behind no option/],
    [[NOBODY, "--header", "X-One"], /--header: its value is no header: it is written as --header "Name: value"/],
    [[NOBODY, "--header", "X: a\nb"], /its value is no header: .* in one line/],
    [[NOBODY, "--transport", "websockets"], /--transport: it must be one of polling, websocket/],
    [[NOBODY, "--protocol", "3"], /--protocol: it must be one of 4, 5/],
    [[NOBODY, "--serializer", "json"], /--serializer: it must be one of default, msgpack, cbor, pickle/],
    [[NOBODY, "--timeout", "5s"], /--timeout: it must be a whole number/],
    [[NOBODY, "--count", "-1"], /--count: it must be a whole number/],
    [[NOBODY, "--wait", "soon"], /--wait: it must be a whole number/],
    [[NOBODY, "--ca", "none.pem"], /--ca.*no file has this path \(ENOENT\)/],
    [[NOBODY, "--save", "bytes.bin"], /--save bytes.bin: there cannot be such a folder/],
  ];
  for (const [parameters, message] of TABLE) {
    test(parameters.join(" ") || "no parameters", async (t) => {
    // The name of an event is checked when it is emitted, for which a server is needed.
      const { code, err, out } = await run(t, parameters.map((word) => (word === NOBODY && parameters.includes("connect") ? npm.url : word)), { cwd: files });
      assert.match(err, message);
      assert.doesNotMatch(err, /^ +at /m); // no stack
      assert.deepEqual([code, out], [1, ""]);
    });
  }

  test("a malformed line of JSON is reported with its number, and the other lines are done", async (t) => {
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
