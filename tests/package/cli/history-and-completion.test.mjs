// The command line in a pseudo-terminal: its history and its completion.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { enter, home, keys, leaves, open } from "../../support/at-prompt.mjs";
import { websocketPeer } from "../../support/peer.mjs";
import { KEYS } from "../../support/terminal.mjs";
import { until } from "../../support/until.mjs";

describe("history", () => {
  const path = () => join(home, "socketio-wasm", "history");

  test("the arrow keys show earlier lines, also of earlier runs, and the file is private", async (t) => {
    const first = await open(t);
    enter(first, 'emit echo-back "one"');
    await first.sees('echo-back "one"');
    enter(first, 'emit echo-back "two"');
    await first.sees('echo-back "two"');
    keys(first, KEYS.up, KEYS.up);
    await first.prompts('/> emit echo-back "one"');
    first.type(KEYS.down);
    await first.prompts('/> emit echo-back "two"');
    first.type(KEYS.ctrlD);
    first.type(KEYS.ctrlC);
    first.type(KEYS.ctrlD);
    await leaves(first, 0);
    assert.equal(readFileSync(path(), "utf8"), 'emit echo-back "one"\nemit echo-back "two"\n');
    assert.equal(statSync(path()).mode & 0o077, 0);
    const second = await open(t);
    second.type(KEYS.up);
    await second.prompts('/> emit echo-back "two"');
    second.type(KEYS.enter);
    await second.sees('echo-back "two"');
  });

  test("--history FILE writes it to that file, and --no-history to none", async (t) => {
    const saved = await open(t, ["--history", "mine"]);
    enter(saved, "status");
    await saved.sees(/^connected: http/);
    assert.equal(readFileSync(join(home, "mine"), "utf8"), "status\n");
    const none = await open(t, ["--no-history"]);
    enter(none, "status");
    await none.sees(/^connected: http/);
    assert.equal(existsSync(path()), false);
  });

  test("it has 1,000 lines at most", async (t) => {
    mkdirSync(join(home, "socketio-wasm"));
    writeFileSync(path(), Array.from({ length: 2_500 }, (_, index) => `emit x ${index}\n`).join(""));
    const terminal = await open(t);
    terminal.type(KEYS.up);
    await terminal.prompts("/> emit x 2499");
    assert.equal(readFileSync(path(), "utf8").split("\n").length, 1_001);
  });

  test("if it cannot be read, the command says so and works", async (t) => {
    mkdirSync(path(), { recursive: true });
    const terminal = await open(t);
    await terminal.sees(/^The history cannot be read: EISDIR/);
    enter(terminal, "call echo 1");
    await terminal.sees("echo answered 1");
  });
});

describe("the Tab key completes", () => {
  const completes = async (terminal, typed, line) => {
    terminal.type(typed);
    await terminal.prompts(`/> ${typed}`);
    terminal.type(KEYS.tab);
    await terminal.prompts(`/> ${line}`);
    terminal.type(KEYS.ctrlC);
    await terminal.prompts("/>");
  };

  test("commands, events that were received or emitted, namespaces, and words of commands", async (t) => {
    const terminal = await open(t, ["-n", "/", "-n", "/chat"]);
    enter(terminal, "emit burst 1");
    await terminal.sees("tick 0");
    enter(terminal, 'emit echo-back "a"');
    await terminal.sees('echo-back "a"');
    await completes(terminal, "em", "emit");
    await completes(terminal, "emit ti", "emit tick");
    await completes(terminal, "call echo-", "call echo-back");
    await completes(terminal, "listen bu", "listen burst");
    await completes(terminal, "/ch", "/chat");
    await completes(terminal, "disconnect /c", "disconnect /chat");
    await completes(terminal, "trace of", "trace off");
    terminal.type("emit ");
    await terminal.prompts("/> emit");
    keys(terminal, KEYS.tab);
    await until("the proposals", () => {
      terminal.type(KEYS.tab);
      return terminal.lines().some((line) => /^burst +echo-back +tick$/.test(line));
    });
  });

  test("at most 1,000 names of a server's events", async (t) => {
    const names = Array.from({ length: 1_001 }, (_, index) => `name-${index}.`);
    const peer = await websocketPeer(t, (socket) => {
      for (const name of [...names, "last"]) socket.send(`42${JSON.stringify([name])}`);
    });
    const terminal = await open(t, ["--transport", "websocket", "--listen", "last"], { url: peer.url });
    await terminal.sees("last");
    await completes(terminal, "emit name-999", "emit name-999.");
    await completes(terminal, "emit name-100", "emit name-100."); // with name-1000., too, this would not be unique
  });

  test("files after @, also in folders", async (t) => {
    mkdirSync(join(home, "folder"));
    for (const name of ["photo.png", "folder/data.bin", "two words.txt"]) writeFileSync(join(home, name), "x");
    const terminal = await open(t);
    await completes(terminal, "call echo @pho", "call echo @photo.png");
    await completes(terminal, "call echo 1 @fol", "call echo 1 @folder/");
    await completes(terminal, "call echo @folder/d", "call echo @folder/data.bin");
    await completes(terminal, 'call echo @"tw', 'call echo @"two words.txt"');
    await completes(terminal, "call echo @none/x", "call echo @none/x");
  });
});
