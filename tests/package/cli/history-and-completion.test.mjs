// The command line in a pseudo-terminal: what was typed before comes back, and what is half typed is completed.
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

  test("arrows bring back what was typed; it is kept across runs, for its owner alone", async (t) => {
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

  test("--history FILE keeps it there, --no-history nowhere", async (t) => {
    const kept = await open(t, ["--history", "mine"]);
    enter(kept, "status");
    await kept.sees(/^connected: http/);
    assert.equal(readFileSync(join(home, "mine"), "utf8"), "status\n");
    const none = await open(t, ["--no-history"]);
    enter(none, "status");
    await none.sees(/^connected: http/);
    assert.equal(existsSync(path()), false);
  });

  test("it does not grow without end", async (t) => {
    mkdirSync(join(home, "socketio-wasm"));
    writeFileSync(path(), Array.from({ length: 2_500 }, (_, index) => `emit x ${index}\n`).join(""));
    const terminal = await open(t);
    terminal.type(KEYS.up);
    await terminal.prompts("/> emit x 2499");
    assert.equal(readFileSync(path(), "utf8").split("\n").length, 1_001);
  });

  test("where it cannot be kept, that is said, and all else works", async (t) => {
    mkdirSync(path(), { recursive: true });
    const terminal = await open(t);
    await terminal.sees(/^What was typed before cannot be read: EISDIR/);
    enter(terminal, "call echo 1");
    await terminal.sees("echo answered 1");
  });
});

describe("the tabulator completes", () => {
  const completes = async (terminal, typed, line) => {
    terminal.type(typed);
    await terminal.prompts(`/> ${typed}`);
    terminal.type(KEYS.tab);
    await terminal.prompts(`/> ${line}`);
    terminal.type(KEYS.ctrlC);
    await terminal.prompts("/>");
  };

  test("commands, events that came or were emitted, namespaces, words of commands", async (t) => {
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
    await until("the offers", () => {
      terminal.type(KEYS.tab);
      return terminal.lines().some((line) => /^burst +echo-back +tick$/.test(line));
    });
  });

  test("no more names than a thousand, however many a server sends", async (t) => {
    const names = Array.from({ length: 1_001 }, (_, index) => `name-${index}.`);
    const peer = await websocketPeer(t, (socket) => {
      for (const name of [...names, "last"]) socket.send(`42${JSON.stringify([name])}`);
    });
    const terminal = await open(t, ["--transport", "websocket", "--listen", "last"], { url: peer.url });
    await terminal.sees("last");
    await completes(terminal, "emit name-999", "emit name-999.");
    await completes(terminal, "emit name-100", "emit name-100."); // were there name-1000., too, it would be no end
  });

  test("files behind @, and those in folders", async (t) => {
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
