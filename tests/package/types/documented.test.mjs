// The doc comments of the declarations: every export has one, with units and errors.
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

/** Yields each declaration for users with its name: exports, their members, and the members' inline options. */
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
    if (ts.isMappedTypeNode(child)) continue; // its members are those of other types
    if (ts.isTypeElement(child) || ts.isClassElement(child)) {
      const isHidden = ts.getCombinedModifierFlags(child) & ts.ModifierFlags.Protected;
      const path = `${name}.${child.name?.getText() ?? ts.SyntaxKind[child.kind]}`;
      if (!isHidden) yield [path, child];
      // A computed name has members that only the compiler knows.
      if (!isHidden && !/\.\[\w+\]/.test(path)) yield* members(path, child);
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

// The comment of a variable belongs to its statement.
const commentsOf = (node) => ts.getJSDocCommentsAndTags(ts.isVariableDeclaration(node) ? node.parent.parent : node);
const textOf = (node) => commentsOf(node).map((comment) => comment.getText()).join("\n");

// A reference to an error class, which is documented at the class.
const isReference = (node) => ts.isPropertySignature(node) && node.type && ts.isTypeQueryNode(node.type) && /Error$/.test(node.name.getText());

const all = FILES.flatMap((file) => [...documentable(file)]).filter(([, node]) => !isReference(node));

test("the declarations have members and inline options", () => {
  const names = all.map(([name]) => name);
  for (const name of ["Client", "Client.connect", "ConnectOptions.path", "ClientOptions.requestTimeout", "reason.CLIENT_DISCONNECT", "init", "Encoder.encode"]) {
    assert.ok(names.includes(name), name);
  }
  assert.ok(names.length > 250, String(names.length));
});

test("every declaration has a doc comment", () => {
  assert.deepEqual([...new Set(all.filter(([, node]) => commentsOf(node).length === 0).map(([name]) => name))], []);
});

// Numbers without a unit.
const PLAIN_NUMBERS = [/\bstatus\b/, /\bcloseCode\b/, /\bParserPacket\./];
const UNITS = /[Mm]illisecond|\bms\b|bytes|[Hh]ow many|[Nn]umber of|attempts|[Pp]ackets|[Mm]essages|attachments|Digits|[Hh]ow deep|part of itself/;

test("the comment of a number has its unit", () => {
  const numbers = all.filter(([, node]) => node.type?.kind === ts.SyntaxKind.NumberKeyword && !ts.isMethodSignature(node));
  const fields = numbers.filter(([name, node]) => !PLAIN_NUMBERS.some((plain) => plain.test(name)) && !UNITS.test(textOf(node)));
  assert.ok(numbers.length > 15, String(numbers.length));
  assert.deepEqual(fields.map(([name]) => name), []);
});

// Methods with a number that is no time: a code, a count.
const TIMELESS = ["WebSocketLike.close", "ConnectionHandlers.reconnect"];

test("the comment of a method with a number says that it is in milliseconds", () => {
  const methods = all.filter(([, node]) => node.parameters?.some(({ type }) => type?.kind === ts.SyntaxKind.NumberKeyword));
  const mute = methods.filter(([name, node]) => !TIMELESS.includes(name) && !/milliseconds/.test(textOf(node) + node.getText()));
  assert.ok(methods.length > 4, String(methods.length));
  assert.deepEqual(mute.map(([name]) => name), []);
});

// Methods that cannot fail. Only functions and methods of classes are checked: handlers, loggers, parsers, fetch and WebSocket are user-supplied.
const HARMLESS = `
  ClientNamespace.triggerEvent Client.disconnect Client.shutdown Client.transport Client.getSid Client.asyncDispose
  EngineClient.disconnect EngineClient.transport EngineClient.asyncDispose SimpleClient.disconnect SimpleClient.asyncDispose
  SocketIOError.Constructor SimpleClient.use Decoder.on Decoder.off Decoder.removeListener Decoder.destroy tuple
  Server.ping Server.drop Server.freeze Server.offline Server.online Server.close
`.split(/\s+/);

test("the comment of a method that can fail names the error", () => {
  const isOfClass = (node) => ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node.parent);
  const callable = all.filter(([, node]) => isOfClass(node) && node.parameters && !ts.isAccessor(node));
  const mute = callable.filter(([, node]) => !/@throws/.test(textOf(node))).map(([name]) => name.replace(/\[Symbol\.(\w+)\]/, "$1"));
  assert.ok(callable.length > 50, String(callable.length));
  assert.deepEqual(mute.filter((name) => !HARMLESS.includes(name)), []);
  assert.deepEqual(HARMLESS.filter((name) => name && !mute.includes(name)), []);
});

describe("no declaration has the type any", () => {
  for (const file of readdirSync(declarations, { recursive: true }).filter((name) => /\.d\.c?ts$/.test(name))) {
    test(file, () => {
      const found = [];
      const search = (node) => {
        if (node.kind === ts.SyntaxKind.AnyKeyword) found.push(node.parent.getText());
        ts.forEachChild(node, search);
      };
      search(ts.createSourceFile(file, readFileSync(join(declarations, file), "utf8"), ts.ScriptTarget.ES2022, true));
      assert.deepEqual(found, []);
    });
  }
});
