// The command line in a pseudo-terminal: keys that are typed, and lines on the screen. The servers are real ones.
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

test("emit and call print events and answers, and the prompt appears again", async (t) => {
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

test("emit and call take binary data from files, also with spaces in their names", async (t) => {
  writeFileSync(join(home, "a b.bin"), "12345");
  writeFileSync(join(home, "c.bin"), "1");
  const terminal = await open(t, ["--save", "saved"]);
  enter(terminal, 'call echo @"a b.bin" @c.bin {"in": {"$file": "c.bin"}}');
  const saved = (number) => join("saved", `echo-${number}.bin`);
  await terminal.sees(`echo answered [<binary, 5 bytes: ${saved(1)}>,<binary, 1 byte: ${saved(2)}>,{"in":<binary, 1 byte: ${saved(3)}>}]`);
  assert.equal(readFileSync(join(home, saved(1)), "utf8"), "12345");
});

test("an event is printed above the typed line, which stays complete, also if it has several rows and the cursor is within it", async (t) => {
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
  terminal.type("Y"); // at the cursor
  await terminal.prompts(`/> ${text.slice(0, -80)}Y${text.slice(-80)}`);
});

test("a burst of events keeps the typed line complete", async (t) => {
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

test("a pasted string is inserted at the cursor", async (t) => {
  const terminal = await open(t, [], { columns: 50 });
  keys(terminal, 'emit echo-back ""', KEYS.left);
  await terminal.prompts('/> emit echo-back ""');
  terminal.type(`pasted\t${"z".repeat(100)}`);
  await terminal.prompts(`/> emit echo-back "pasted ${"z".repeat(100)}"`);
  terminal.type(KEYS.enter);
  await terminal.sees(`echo-back "pasted ${"z".repeat(100)}"`);
  await terminal.prompts("/>");
});

test("the typed line stays complete when the terminal gets another width", async (t) => {
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

describe("the end of the command", () => {
  test("Ctrl-C clears the line, then ends a pending call, then announces that another one leaves, and leaves", async (t) => {
    const terminal = await open(t);
    enter(terminal, "call never");
    terminal.type("emit half");
    await terminal.prompts("/> emit half");
    terminal.type(KEYS.ctrlC);
    await terminal.prompts("/>");
    assert.ok(!terminal.lines().includes("stopped waiting"));
    terminal.type(KEYS.ctrlC);
    await terminal.sees("stopped waiting");
    enter(terminal, "call echo 1"); // the client still works
    await terminal.sees("echo answered 1");
    terminal.type(KEYS.ctrlC);
    await terminal.sees("Ctrl-C once more leaves, as do quit and Ctrl-D");
    enter(terminal, "call echo 2");
    await terminal.sees("echo answered 2");
    terminal.type(KEYS.ctrlC); // not the second in a row, since a line was typed between them
    await until("the same advice", () => terminal.lines().filter((line) => line.startsWith("Ctrl-C once more")).length === 2);
    terminal.type(KEYS.ctrlC);
    await leaves(terminal, 130);
  });

  test("Ctrl-C ends the command while it connects", async (t) => {
    const silent = await startServer(t, "npm");
    silent.freeze();
    const terminal = openTerminal(t, COMMAND, [silent.url, "--no-history", "--trace"]);
    await terminal.sees(`connecting to ${silent.url} (Ctrl-C gives up)`);
    await terminal.sees(/-> GET asks for a connection/);
    terminal.type(KEYS.ctrlC);
    await leaves(terminal, 130);
  });

  test("Ctrl-D leaves, and events that were emitted before arrive", async (t) => {
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

  test("Ctrl-C leaves although the server no longer answers", async (t) => {
    const own = await startServer(t, "npm");
    const terminal = await open(t, ["--transport", "polling", "--trace"], { url: own.url, columns: 200 });
    own.freeze();
    enter(terminal, "emit count 1");
    await terminal.sees(/-> EVENT "count"/);
    terminal.type(KEYS.ctrlD);
    await terminal.prompts(""); // the terminal is restored, so that Ctrl-C is a signal now
    // On a busy machine, the first Ctrl-C may arrive together with Ctrl-D, as a key that is no longer read.
    const typing = setInterval(() => terminal.type(KEYS.ctrlC), 200);
    t.after(() => clearInterval(typing));
    await leaves(terminal, 130);
  });

  test("without a server the command prints why, and ends with exit code 2", async (t) => {
    const terminal = openTerminal(t, COMMAND, ["http://127.0.0.1:9", "--no-history"]);
    await terminal.sees(/^not connected to \/: .*127\.0\.0\.1/);
    await leaves(terminal, 2);
  });
});

describe("in a shell", () => {
  // Starts a shell with a prompt of its own, and the command in it.
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
    test(`${what} restores the terminal, with the cursor at the beginning of a line`, async (t) => {
      const terminal = await shell(t);
      terminal.type(typed);
      await terminal.prompts("shell$");
      enter(terminal, "echo $?; stty -a | grep -ow -e '-\\?icanon' -e '-\\?echo'");
      await terminal.sees(/^-?echo$/);
      await terminal.prompts("shell$");
      assert.deepEqual(terminal.lines().slice(-4), ["0", "icanon", "echo", "shell$"]);
    });
  }

  test("Ctrl-Z suspends the command, and fg resumes it with the typed line", async (t) => {
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
  test("/NAME and `namespace` switch to a namespace, and connect it if necessary; a refusal changes nothing", async (t) => {
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

  test("`disconnect`, `connect` and `status` work", async (t) => {
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

  test("`listen` selects the events that are printed", async (t) => {
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

  test("`trace` starts and ends a trace, and --trace traces from the beginning", async (t) => {
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

  test("`help` lists all commands", async (t) => {
    const terminal = await open(t);
    enter(terminal, "help");
    for (const name of ["emit", "call", "listen", "namespace", "connect", "disconnect", "status", "trace", "help", "quit"]) {
      await terminal.sees(new RegExp(`^  ${name}\\b.*  \\w`));
    }
  });

  test("a mistake is printed with what to do, and the line can be recalled", async (t) => {
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

test("a lost connection is printed and made again, and the prompt shows the state", async (t) => {
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

test("control characters of a server reach neither the terminal nor the completion", async (t) => {
  const ESCAPE = "\u001b]0;owned\u0007\u001b[31m\u009b1m";
  const peer = await websocketPeer(t, (socket) => socket.send(`42${JSON.stringify([`ev${ESCAPE}`, ESCAPE])}`));
  const terminal = await open(t, ["--transport", "websocket"], { url: peer.url, env: { NO_COLOR: "1" } });
  await terminal.sees(/^"ev\\u001b\]0;owned\\u0007/);
  terminal.type('emit "e');
  terminal.type(KEYS.tab);
  await terminal.prompts(`/> emit ${JSON.stringify(`ev${ESCAPE}`).replace("\u009b", "\\u009b")}`);
  assert.ok(![`\u001b]0`, "\u0007", "\u009b", "\u001b[31m"].some((sequence) => terminal.raw().includes(sequence)));
});

test("the output has colours unless NO_COLOR is set", async (t) => {
  const coloured = await open(t, []);
  enter(coloured, "emit burst 1");
  await coloured.sees("tick 0");
  assert.ok(coloured.raw().includes("\u001b[36mtick"));
  const plain = await open(t, [], { env: { NO_COLOR: "1" } });
  enter(plain, "emit burst 1");
  await plain.sees("tick 0");
  assert.ok(!plain.raw().includes("\u001b[36m"));
});

test("--json, --call and --wait have no prompt in a terminal", async (t) => {
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
