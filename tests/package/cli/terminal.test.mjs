// The command line in a pseudo-terminal: what is typed, and what somebody in front of the screen sees. The servers are real ones.
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { enter, home, keys, leaves, open, server } from "../../support/at-prompt.mjs";
import { COMMAND } from "../../support/command.mjs";
import { websocketPeer } from "../../support/peer.mjs";
import { startServer } from "../../support/server.mjs";
import { KEYS, openTerminal } from "../../support/terminal.mjs";
import { until } from "../../support/until.mjs";

test("emit and call: what comes is printed, and the prompt is there again", async (t) => {
  const terminal = await open(t);
  await terminal.sees(/^connected to \/ over (polling|websocket), sid \S+$/);
  enter(terminal, 'emit echo-back "hello there" {"a": [1, 2]} -3');
  await terminal.sees('echo-back "hello there" {"a":[1,2]} -3');
  enter(terminal, 'call echo "x y" null');
  await terminal.sees('echo answered ["x y",null]');
  enter(terminal, "call echo");
  await terminal.sees("echo answered");
  await terminal.prompts("/>");
  enter(terminal, "quit");
  await leaves(terminal, 0);
});

test("binary data from files, those with spaces in their names too", async (t) => {
  writeFileSync(join(home, "a b.bin"), "12345");
  writeFileSync(join(home, "c.bin"), "1");
  const terminal = await open(t, ["--save", "saved"]);
  enter(terminal, 'call echo @"a b.bin" @c.bin {"in": {"$file": "c.bin"}}');
  const saved = (number) => join("saved", `echo-${number}.bin`);
  await terminal.sees(`echo answered [<binary, 5 bytes: ${saved(1)}>,<binary, 1 byte: ${saved(2)}>,{"in":<binary, 1 byte: ${saved(3)}>}]`);
  assert.equal(readFileSync(join(home, saved(1)), "utf8"), "12345");
});

test("what comes is printed above the line that is typed, which stays whole: also one of several rows, with the cursor within it", async (t) => {
  const terminal = await open(t, [], { columns: 60 });
  enter(terminal, 'call later 700 "late"');
  const text = `emit echo-back "${"x".repeat(150)}"`;
  terminal.type(text);
  for (let count = 0; count < 80; count += 1) terminal.type(KEYS.left);
  await terminal.prompts(`/> ${text}`);
  await terminal.sees('later answered "late"');
  await terminal.prompts(`/> ${text}`);
  assert.equal(terminal.lines().filter((line) => line.includes("xxx")).length, 1, terminal.lines().join("\n"));
  assert.deepEqual(terminal.lines().slice(-3), ['/> call later 700 "late"', 'later answered "late"', `/> ${text}`]);
  terminal.type("Y"); // where the cursor was
  await terminal.prompts(`/> ${text.slice(0, -80)}Y${text.slice(-80)}`);
});

test("a burst of events tears nothing", async (t) => {
  const terminal = await open(t);
  enter(terminal, "emit burst 100");
  terminal.type('emit echo-back "typed meanwhile"');
  await terminal.sees("tick 99");
  await terminal.prompts('/> emit echo-back "typed meanwhile"');
  const ticks = terminal.lines().filter((line) => line.startsWith("tick "));
  assert.deepEqual(ticks, Array.from({ length: 100 }, (_, index) => `tick ${index}`));
  terminal.type(KEYS.enter);
  await terminal.sees('echo-back "typed meanwhile"');
});

test("text that is pasted stands where the cursor is", async (t) => {
  const terminal = await open(t, [], { columns: 50 });
  keys(terminal, 'emit echo-back ""', KEYS.left);
  await terminal.prompts('/> emit echo-back ""');
  terminal.type(`pasted\t${"z".repeat(100)}`);
  await terminal.prompts(`/> emit echo-back "pasted ${"z".repeat(100)}"`);
  terminal.type(KEYS.enter);
  await terminal.sees(`echo-back "pasted ${"z".repeat(100)}"`);
  await terminal.prompts("/>");
});

test("another width of the terminal: the line stays whole, and what comes is above it", async (t) => {
  const terminal = await open(t, [], { columns: 100 });
  const text = `emit echo-back "${"w".repeat(120)}"`;
  terminal.type(text);
  await terminal.prompts(`/> ${text}`);
  for (const columns of [50, 140]) {
    terminal.resize(columns);
    terminal.type("!");
    terminal.type(KEYS.backspace);
    await terminal.prompts(`/> ${text}`);
  }
  terminal.type(KEYS.enter);
  await terminal.sees(`echo-back "${"w".repeat(120)}"`);
  await terminal.prompts("/>");
});

describe("keys that end something", () => {
  test("Ctrl-C takes the line away, then what is waited for, then says that another one leaves, which does", async (t) => {
    const terminal = await open(t);
    enter(terminal, "call never");
    terminal.type("emit half");
    await terminal.prompts("/> emit half");
    terminal.type(KEYS.ctrlC);
    await terminal.prompts("/>");
    assert.ok(!terminal.lines().includes("stopped waiting"));
    terminal.type(KEYS.ctrlC);
    await terminal.sees("stopped waiting");
    enter(terminal, "call echo 1"); // the client is none the worse for it
    await terminal.sees("echo answered 1");
    terminal.type(KEYS.ctrlC);
    await terminal.sees("Ctrl-C once more leaves, as do quit and Ctrl-D");
    enter(terminal, "call echo 2");
    await terminal.sees("echo answered 2");
    terminal.type(KEYS.ctrlC); // no second one: something was typed between them
    await until("the same advice", () => terminal.lines().filter((line) => line.startsWith("Ctrl-C once more")).length === 2);
    terminal.type(KEYS.ctrlC);
    await leaves(terminal, 130);
  });

  test("Ctrl-C while it connects", async (t) => {
    const silent = await startServer(t, "npm");
    silent.freeze();
    const terminal = openTerminal(t, COMMAND, [silent.url, "--no-history", "--trace"]);
    await terminal.sees(`connecting to ${silent.url} (Ctrl-C gives up)`);
    await terminal.sees(/-> GET asks for a connection/);
    terminal.type(KEYS.ctrlC);
    await leaves(terminal, 130);
  });

  test("Ctrl-D leaves, and what was emitted before arrives", async (t) => {
    const terminal = await open(t, ["--auth", '{"id":"ctrl-d"}']);
    enter(terminal, "emit count 7");
    await terminal.prompts("/>");
    terminal.type(KEYS.ctrlD);
    await leaves(terminal, 0);
    const again = await open(t);
    enter(again, 'call counted "ctrl-d"');
    await again.sees("counted answered [7]");
  });

  for (const [signal, code] of [["SIGTERM", 143], ["SIGHUP", 129]]) {
    test(`${signal} leaves with ${code}`, async (t) => {
      const terminal = await open(t);
      terminal.signal(signal);
      await leaves(terminal, code);
    });
  }

  test("Ctrl-C does not wait for a server that says nothing any more", async (t) => {
    const own = await startServer(t, "npm");
    const terminal = await open(t, ["--transport", "polling", "--trace"], { url: own.url, columns: 200 });
    own.freeze();
    enter(terminal, "emit count 1");
    await terminal.sees(/-> EVENT "count"/);
    terminal.type(KEYS.ctrlD);
    await terminal.prompts(""); // the terminal is given back: now it is a signal
    // On a busy machine, the first may come in one piece with Ctrl-D, as a key that nobody reads any more.
    const typing = setInterval(() => terminal.type(KEYS.ctrlC), 200);
    t.after(() => clearInterval(typing));
    await leaves(terminal, 130);
  });

  test("a server that is not there: why, and exit code 2", async (t) => {
    const terminal = openTerminal(t, COMMAND, ["http://127.0.0.1:9", "--no-history"]);
    await terminal.sees(/^not connected to \/: .*127\.0\.0\.1/);
    await leaves(terminal, 2);
  });
});

describe("in a shell", () => {
  // A shell that has the command under a short name, and a prompt of its own.
  async function shell(t) {
    const here = home;
    t.after(() => rmSync(here, { recursive: true, force: true }));
    const terminal = openTerminal(t, "bash", ["--norc", "-i"], { columns: 200, env: { PS1: "shell$ ", XDG_STATE_HOME: here } });
    await terminal.prompts("shell$");
    enter(terminal, `${COMMAND} ${server.url}`);
    await terminal.prompts("/>");
    return terminal;
  }

  const ENDS = { quit: `quit${KEYS.enter}`, exit: `exit${KEYS.enter}`, "Ctrl-D": KEYS.ctrlD };
  for (const [what, typed] of Object.entries(ENDS)) {
    test(`${what} gives the terminal back as it was, at the beginning of a line`, async (t) => {
      const terminal = await shell(t);
      terminal.type(typed);
      await terminal.prompts("shell$");
      enter(terminal, "echo $?; stty -a | grep -ow -e '-\\?icanon' -e '-\\?echo'");
      await terminal.sees(/^-?echo$/);
      await terminal.prompts("shell$");
      assert.deepEqual(terminal.lines().slice(-4), ["0", "icanon", "echo", "shell$"]);
    });
  }

  test("Ctrl-Z puts it aside, fg brings it back with its line", async (t) => {
    const terminal = await shell(t);
    terminal.type("call echo");
    await terminal.prompts("/> call echo");
    terminal.type("\x1a");
    await terminal.prompts("shell$");
    enter(terminal, "fg");
    await terminal.prompts("/> call echo");
    terminal.type(` 8${KEYS.enter}`);
    await terminal.sees("echo answered 8");
  });
});

describe("commands", () => {
  test("/NAME and namespace talk on another namespace, connecting it where it is not; a refused one changes nothing", async (t) => {
    const terminal = await open(t);
    enter(terminal, "/chat");
    await terminal.prompts("/chat>");
    enter(terminal, 'emit echo-back "there"');
    await terminal.sees('/chat echo-back "there"');
    enter(terminal, "namespace /");
    await terminal.prompts("/>");
    enter(terminal, 'namespace /auth {"token": "secret"}');
    await terminal.sees('/auth welcome {"token":"secret"}');
    await terminal.prompts("/auth>");
    enter(terminal, "/refuse");
    await terminal.sees(/^not connected to \/refuse: .*no entry/);
    await terminal.prompts("/auth>");
    assert.equal(terminal.lines().filter((line) => line.includes("no entry")).length, 1);
  });

  test("disconnect, connect, status", async (t) => {
    const terminal = await open(t, ["-n", "/", "-n", "/chat"]);
    enter(terminal, "status");
    await terminal.sees(/^connected: http:\S+ over (polling|websocket), engine sid \S+$/);
    await terminal.sees(/^ {2}\/chat {2}sid \S+$/);
    enter(terminal, "disconnect /chat");
    await terminal.sees("disconnected from /chat: client disconnect");
    await terminal.prompts("/>");
    enter(terminal, "/chat");
    await terminal.prompts("/chat>");
    enter(terminal, "disconnect /chat");
    await terminal.prompts("/chat (not connected)>");
    enter(terminal, "emit x");
    await terminal.sees("/chat is not connected: `namespace /chat` connects it");
    enter(terminal, "/");
    await terminal.prompts("/>");
    enter(terminal, "disconnect");
    await terminal.prompts("/ (not connected)>");
    enter(terminal, "emit x");
    await terminal.sees("Not connected: `connect` connects again");
    enter(terminal, "connect");
    await terminal.prompts("/>");
    enter(terminal, "call echo 1");
    await terminal.sees("echo answered 1");
  });

  test("listen chooses what is shown", async (t) => {
    const terminal = await open(t, ["--listen", "tick"]);
    enter(terminal, "listen");
    await terminal.sees("events that are shown: tick");
    enter(terminal, 'emit echo-back "unseen"');
    enter(terminal, "emit burst 1");
    await terminal.sees("tick 0");
    enter(terminal, "listen echo-back");
    enter(terminal, "emit burst 2");
    enter(terminal, 'emit echo-back "seen"');
    await terminal.sees('echo-back "seen"');
    enter(terminal, "listen off");
    await terminal.sees("events that are shown: none");
    enter(terminal, "listen *");
    await terminal.sees("events that are shown: all");
    assert.ok(!terminal.lines().includes('echo-back "unseen"') && !terminal.lines().includes("tick 1"));
  });

  test("trace on and off, and --trace from the beginning", async (t) => {
    const terminal = await open(t);
    enter(terminal, "trace on");
    await terminal.prompts("/>");
    enter(terminal, 'emit echo-back {"$base64": "AQID"}');
    await terminal.sees(/^\+\d+\.\d{3} -> attachment 1 of 1, 3 bytes, of BINARY_EVENT "echo-back": /);
    await terminal.sees("echo-back <binary, 3 bytes>");
    enter(terminal, "trace off");
    await terminal.prompts("/>");
    enter(terminal, 'call echo "silent"');
    await terminal.sees('echo answered "silent"');
    assert.ok(!terminal.lines().some((line) => line.startsWith("+") && line.includes("silent")));
    const traced = await open(t, ["--trace"], { columns: 200 });
    await traced.sees(/^\+\d+\.\d{3} <- OPEN sid /);
  });

  test("help lists them all", async (t) => {
    const terminal = await open(t);
    enter(terminal, "help");
    for (const name of ["emit", "call", "listen", "namespace", "connect", "disconnect", "status", "trace", "help", "quit"]) {
      await terminal.sees(new RegExp(`^  ${name}\\b.*  \\w`));
    }
  });

  test("what is wrong is said, and the line can be brought back to be mended", async (t) => {
    const terminal = await open(t, [], { columns: 200 });
    enter(terminal, "frob");
    await terminal.sees(/^frob is no command: `help` lists them. To send an event of this name: emit frob$/);
    enter(terminal, "emit");
    await terminal.sees(/^emit EVENT \[JSON\.\.\.\]: send an event/);
    enter(terminal, "emit say hello");
    await terminal.sees(/^A string of 5 characters is no JSON\. A string has double quotes of its own: "hello", in a shell/);
    enter(terminal, "trace maybe");
    await terminal.sees("trace on, or trace off");
    enter(terminal, "emit connect");
    await terminal.sees(/^Invalid event name \("connect"\)/);
    terminal.type(KEYS.up);
    await terminal.prompts("/> emit connect");
  });
});

test("a lost connection is said, made again, and the prompt shows which it is", async (t) => {
  const own = await startServer(t, "npm");
  const terminal = await open(t, [], { url: own.url });
  terminal.type("call echo 5");
  await own.kill();
  await terminal.sees(/^disconnected from \/: transport error/);
  await terminal.prompts("/ (not connected)> call echo 5");
  await own.start();
  await terminal.prompts("/> call echo 5");
  terminal.type(KEYS.enter);
  await terminal.sees("echo answered 5");
});

test("what a hostile server sends reaches neither the terminal nor the names that are offered", async (t) => {
  const ESCAPE = "\u001b]0;owned\u0007\u001b[31m\u009b1m";
  const peer = await websocketPeer(t, (socket) => socket.send(`42${JSON.stringify([`ev${ESCAPE}`, ESCAPE])}`));
  const terminal = await open(t, ["--transport", "websocket"], { url: peer.url, env: { NO_COLOR: "1" } });
  await terminal.sees(/^"ev\\u001b\]0;owned\\u0007/);
  terminal.type('emit "e');
  terminal.type(KEYS.tab);
  await terminal.prompts(`/> emit ${JSON.stringify(`ev${ESCAPE}`).replace("\u009b", "\\u009b")}`);
  assert.ok(![`\u001b]0`, "\u0007", "\u009b", "\u001b[31m"].some((sequence) => terminal.raw().includes(sequence)));
});

test("colours, unless NO_COLOR is set", async (t) => {
  const coloured = await open(t, []);
  enter(coloured, "emit burst 1");
  await coloured.sees("tick 0");
  assert.ok(coloured.raw().includes("\u001b[36mtick"));
  const plain = await open(t, [], { env: { NO_COLOR: "1" } });
  enter(plain, "emit burst 1");
  await plain.sees("tick 0");
  assert.ok(!plain.raw().includes("\u001b[36m"));
});

test("--json, --call and --wait have no prompt in a terminal either", async (t) => {
  const asked = openTerminal(t, COMMAND, [server.url, "--call", "echo", "1"]);
  await leaves(asked, 0);
  assert.deepEqual(asked.lines(), ["1", ""]);
  const waited = openTerminal(t, COMMAND, [server.url, "--wait", "10"]);
  await leaves(waited, 0);
  assert.deepEqual(waited.lines(), [""]);
  const json = openTerminal(t, COMMAND, [server.url, "--json"]);
  await json.sees(/^\{"connect":"\/"/);
  enter(json, '{"call":["echo",2],"id":1}');
  await json.sees('{"answer":2,"id":1,"call":"echo","namespace":"/"}');
  json.type(KEYS.ctrlD);
  await leaves(json, 0);
});
