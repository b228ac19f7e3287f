// The types in an editor: completion, quick info, and the errors that it marks.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { folder } from "../../support/installed.mjs";
import { compiler, STRICT } from "../../support/typescript.mjs";

const { ts, service } = compiler();
const file = join(folder, "editor.ts");
const OPTIONS = { ...STRICT, module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom"], types: [] };

const HEAD = `
import { Client, SimpleClient } from "socketio-wasm";
interface FromServer { news(item: string): void; question(text: string): boolean }
interface ToServer { add(a: number, b: number): number; say(text: string): void }
interface ChatFromServer { message(text: string): void }
interface ChatToServer { join(room: string): string }
interface Namespaces { "/chat": { listen: ChatFromServer; emit: ChatToServer } }
const client = new Client<FromServer, ToServer, Namespaces>();
const typed = new Client<FromServer, ToServer>();
const plain = new Client();
const simple = new SimpleClient<FromServer, ToServer>();
`;

/** Returns an editor with a line after the head; `at` is the position of ‸ in the line. */
function editorWith(line) {
  const at = HEAD.length + line.indexOf("‸");
  return { editor: service([file], OPTIONS, new Map([[file, HEAD + line.replace("‸", "")]])), at };
}

const HANDLED = ["*", "connect", "connect_error", "disconnect", "disconnectFinal", "error", "reconnect", "reconnect_attempt", "reconnect_failed", "state", "upgrade"];
const OFFERS = [
  ['client.on("‸");', [...HANDLED, "news", "question"]],
  ['client.on("‸", () => {}, { namespace: "/chat" });', [...HANDLED, "message"]],
  ['client.on("news", () => {}, { namespace: "‸" });', ["*", "/", "/chat"]],
  ['client.of("/chat").once("‸");', [...HANDLED, "message"]],
  ['client.off("‸");', [...HANDLED, "news", "question"]],
  ['client.off("‸", undefined, { namespace: "/chat" });', [...HANDLED, "message"]],
  ['client.listeners("‸");', [...HANDLED, "news", "question"]],
  ['client.events("‸");', ["news", "question"]],
  ['client.onAny(() => {}, { namespace: "‸" });', ["*", "/", "/chat"]],
  ['client.emit("‸");', ["add", "say"]],
  ['client.of("/chat").call("‸");', ["join"]],
  ['client.of("‸");', ["*", "/", "/chat"]],
  ['client.with({ namespace: "‸" });', ["*", "/", "/chat"]],
  ['client.connect("http://localhost", { namespaces: ["‸"] });', ["/", "/chat"]],
  ['client.connect("http://localhost", { transports: "‸" });', ["polling", "websocket"]],
  ['new Client({ serializer: "‸" });', ["cbor", "default", "msgpack", "pickle"]],
  ['simple.call("‸");', ["add", "say"]],
];

describe("an editor offers", () => {
  for (const [line, names] of OFFERS) {
    test(`at ${line}`, () => {
      const { editor, at } = editorWith(line);
      const offered = editor.getCompletionsAtPosition(file, at, {}).entries.map(({ name }) => name);
      assert.deepEqual(offered.sort(), [...names].sort());
    });
  }
});

const SHOWN = [
  ['const ‸chat = client.of("/chat");', /^const chat: Scope<ChatFromServer, ChatToServer, WithRoot<FromServer, ToServer, Namespaces>, false>$/],
  ['const ‸chat = client.with({ namespace: "/chat" });', /^const chat: Scope<ChatFromServer, ChatToServer, /],
  ["const ‸limited = typed.timeout(5);", /^const limited: Scope<FromServer, ToServer, \{\}, true>$/],
  ['const ‸chat = plain.of("/chat");', /^const chat: Scope<UntypedEvents, UntypedEvents, \{\}, false>$/],
  ['const ‸sum = client.call("add", 1, 2);', /^const sum: Promise<number>$/],
  ["const ‸received = simple.receive();", /^const received: Promise<\[event: "news", item: string\] \| \[event: "question", text: string\]>$/],
  ['client.‸call("add", 1, 2);', /<"add">\(event: "add", a: number, b: number\): Promise<number>$/],
  ['client.‸on("question", () => true);', /listener: \(text: string\) => boolean \| void \| PromiseLike<boolean \| void>,/],
  ['client.on("question", (‸text) => true);', /^\(parameter\) text: string$/],
  ['client.on("message", (‸text) => text, { namespace: "/chat" });', /^\(parameter\) text: string$/],
  ['plain.on("anything", (‸first) => first);', /^\(parameter\) first: unknown$/],
  ['client.onAny((event, ...‸args) => args);', /^\(parameter\) args: unknown\[\]$/],
  ['for await (const [‸item] of client.events("news")) {}', /^const item: string$/],
  ['const ‸all = client.events();', /^const all: AsyncIterableIterator<\[event: "news", item: string\] \| \[event: "question", text: string\].*>$/],
];

describe("an editor shows", () => {
  for (const [line, expected] of SHOWN) {
    test(`at ${line}`, () => {
      const { editor, at } = editorWith(line);
      assert.match(ts.displayPartsToString(editor.getQuickInfoAtPosition(file, at).displayParts), expected);
    });
  }
});

// The marked part of a line, and the message.
const MISTAKES = [
  ['client.on("nws", () => {});', '"nws"', /^Argument of type '"nws"' is not assignable to parameter of type 'HandledName<FromServer>'\.$/],
  ['client.on("question", (text) => text);', "text", /^Type 'string' is not assignable to type 'boolean \| void \| PromiseLike<boolean \| void>'\.$/],
  ['client.on("news", () => {}, { namespace: "/caht" });', "namespace", /^Type '"\/caht"' is not assignable to .* Did you mean '"\/chat"'\?$/],
  ['client.on("news", () => {}, { namespace: "/chat" });', '"news"', /'"news"' is not assignable to parameter of type 'HandledName<ChatFromServer>'\.$/],
  ['client.of("/caht");', '"/caht"', /^Argument of type '"\/caht"' is not assignable to parameter of type '"\/chat" \| "\/" \| "\*"'\.$/],
  ['client.with({ namespace: "/caht" });', "namespace", /^Type '"\/caht"' is not assignable to .* Did you mean '"\/chat"'\?$/],
  ['client.with({ namspace: "/chat" });', "namspace", /'namspace' does not exist .* Did you mean to write 'namespace'\?$/],
  ['client.emit("add", 1, "2");', '"2"', /^Argument of type 'string' is not assignable to parameter of type 'number'\.$/],
  ['client.emit("sya", "x");', '"sya"', /^Argument of type '"sya"' is not assignable to parameter of type 'keyof ToServer'\.$/],
  ['client.call("add", 1);', "call", /^Expected 3 arguments, but got 2\.$/],
  ["new Client({ reconnectoin: true });", "reconnectoin", /'reconnectoin' does not exist .* Did you mean to write 'reconnection'\?$/],
  ["new Client<FromServer, ToServer, { chat: {} }>();", "{ chat: {} }", /is not assignable to type '"the name of a namespace begins with \/"'\.$/],
  ['new Client<FromServer, ToServer, { "/": {} }>();', '{ "/": {} }', /is not assignable to type '"the events of \/ are the first two types of a Client"'\.$/],
];

describe("an editor marks", () => {
  for (const [line, marked, expected] of MISTAKES) {
    test(`in ${line}`, () => {
      const { editor } = editorWith(line);
      const found = editor.getSemanticDiagnostics(file);
      assert.equal(found.length, 1);
      const [{ start, length, messageText }] = found;
      assert.equal((HEAD + line).slice(start, start + length), marked);
      assert.match(ts.flattenDiagnosticMessageText(messageText, " "), expected);
    });
  }
});
