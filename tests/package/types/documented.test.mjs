// The declarations as people read them: each thing that is exported says what it is, with its units and errors.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { compiler, declarations, STRICT } from "../../support/typescript.mjs";

const FILES = readdirSync(declarations, { recursive: true }).filter((name) => name.endsWith(".d.ts"));

const { ts, program } = compiler();
const OPTIONS = { ...STRICT, module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom"], types: [] };
const whole = program(FILES.map((name) => join(declarations, name)), OPTIONS);
const checker = whole.getTypeChecker();

/** Each declaration that users meet, with the name they know it by: what is exported, its members, and their inline options. */
function* documentable(name) {
  const file = whole.getSourceFile(join(declarations, name));
  for (const exported of checker.getExportsOfModule(checker.getSymbolAtLocation(file))) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    for (const declaration of symbol.declarations) {
      yield [symbol.name, declaration];
      yield* members(symbol.name, declaration);
    }
  }
}

function* members(name, node) {
  for (const child of childrenOf(node)) {
    if (ts.isMappedTypeNode(child)) continue; // what it has, it has from other types
    if (ts.isTypeElement(child) || ts.isClassElement(child)) {
      const isHidden = ts.getCombinedModifierFlags(child) & ts.ModifierFlags.Protected;
      const called = `${name}.${child.name?.getText() ?? ts.SyntaxKind[child.kind]}`;
      if (!isHidden) yield [called, child];
      // Of a name that nobody can write, the compiler alone knows what is behind it.
      if (!isHidden && !/\.\[\w+\]/.test(called)) yield* members(called, child);
    } else {
      yield* members(name, child);
    }
  }
}

function childrenOf(node) {
  const children = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children;
}

// A variable's comment stands before its statement.
const commentsOf = (node) => ts.getJSDocCommentsAndTags(ts.isVariableDeclaration(node) ? node.parent.parent : node);
const words = (node) => commentsOf(node).map((comment) => comment.getText()).join("\n");

// What is told elsewhere: a class, where it stands under its name among others.
const isTold = (node) => ts.isPropertySignature(node) && node.type && ts.isTypeQueryNode(node.type) && /Error$/.test(node.name.getText());

const all = FILES.flatMap((file) => [...documentable(file)]).filter(([, node]) => !isTold(node));

test("there are declarations to look at, with their members and inline options", () => {
  const names = all.map(([name]) => name);
  for (const name of ["Client", "Client.connect", "ConnectOptions.path", "ClientOptions.requestTimeout", "reason.CLIENT_DISCONNECT", "init", "Encoder.encode"]) {
    assert.ok(names.includes(name), name);
  }
  assert.ok(names.length > 250, String(names.length));
});

test("everything has a doc comment", () => {
  assert.deepEqual([...new Set(all.filter(([, node]) => commentsOf(node).length === 0).map(([name]) => name))], []);
});

// Numbers that count nothing and measure nothing.
const PLAIN_NUMBERS = [/\bstatus\b/, /\bcloseCode\b/, /\bParserPacket\./];
const UNITS = /[Mm]illisecond|\bms\b|bytes|[Hh]ow many|[Nn]umber of|attempts|[Pp]ackets|[Mm]essages|attachments|Digits|[Hh]ow deep|part of itself/;

test("a number says what it counts", () => {
  const numbers = all.filter(([, node]) => node.type?.kind === ts.SyntaxKind.NumberKeyword && !ts.isMethodSignature(node));
  const fields = numbers.filter(([name, node]) => !PLAIN_NUMBERS.some((plain) => plain.test(name)) && !UNITS.test(words(node)));
  assert.ok(numbers.length > 15, String(numbers.length));
  assert.deepEqual(fields.map(([name]) => name), []);
});

test("a number that a method takes is said to be in milliseconds", () => {
  const methods = all.filter(([, node]) => node.parameters?.some(({ type }) => type?.kind === ts.SyntaxKind.NumberKeyword));
  const mute = methods.filter(([name, node]) => name !== "WebSocketLike.close" && !/milliseconds/.test(words(node) + node.getText()));
  assert.ok(methods.length > 4, String(methods.length));
  assert.deepEqual(mute.map(([name]) => name), []);
});

// Those that cannot fail. What is not a class's is the users' own: handlers, loggers, parsers, their fetch and WebSocket.
const HARMLESS = `
  ClientNamespace.triggerEvent Client.disconnect Client.shutdown Client.transport Client.getSid Client.asyncDispose
  EngineClient.disconnect EngineClient.transport EngineClient.asyncDispose SimpleClient.disconnect SimpleClient.asyncDispose
  SocketIOError.Constructor SimpleClient.use Decoder.on Decoder.off Decoder.removeListener Decoder.destroy tuple
`.split(/\s+/);

test("what can fail says with which error", () => {
  const isOfClass = (node) => ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node.parent);
  const callable = all.filter(([, node]) => isOfClass(node) && node.parameters && !ts.isAccessor(node));
  const mute = callable.filter(([, node]) => !/@throws/.test(words(node))).map(([name]) => name.replace(/\[Symbol\.(\w+)\]/, "$1"));
  assert.ok(callable.length > 50, String(callable.length));
  assert.deepEqual(mute.filter((name) => !HARMLESS.includes(name)), []);
  assert.deepEqual(HARMLESS.filter((name) => name && !mute.includes(name)), []);
});

describe("nothing is of the type any", () => {
  for (const file of readdirSync(declarations, { recursive: true }).filter((name) => /\.d\.c?ts$/.test(name))) {
    test(file, () => {
      const found = [];
      const look = (node) => {
        if (node.kind === ts.SyntaxKind.AnyKeyword) found.push(node.parent.getText());
        ts.forEachChild(node, look);
      };
      look(ts.createSourceFile(file, readFileSync(join(declarations, file), "utf8"), ts.ScriptTarget.ES2022, true));
      assert.deepEqual(found, []);
    });
  }
});
