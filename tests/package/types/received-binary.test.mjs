// The errors of the compiler for a map of events that promises Buffers: they say what arrives instead.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { folder } from "../../support/installed.mjs";
import { compiler, STRICT } from "../../support/typescript.mjs";

const { program, faults } = compiler();
const typeRoots = [fileURLToPath(new URL("../../../pkg/node_modules/@types", import.meta.url))];
const OPTIONS = { ...STRICT, module: "esnext", moduleResolution: "bundler", lib: ["es2022"], types: ["node"], typeRoots };

const HEAD = `
import { Client, ClientNamespace, SimpleClient, type NamespaceMethods } from "socketio-wasm";
interface FromServer { file(data: Buffer): void; files(list: { data: Buffer }[]): void }
interface ToServer { download(name: string): Buffer; upload(data: Buffer): void }
const client = new Client<FromServer, ToServer>();
`;

const compiled = (line) => {
  const file = join(folder, "received-binary.ts");
  return faults(program([file], OPTIONS, new Map([[file, `${HEAD}${line}\nexport {};\n`]])));
};

for (const line of [
  'client.on("file", (data: Buffer) => data.toString("hex"));',
  'client.on("file", (data) => data.readUInt8());',
  'client.once("files", (list: { data: Buffer }[]) => list.length);',
  'const answer: Buffer = await client.call("download", "a");',
  'client.emit("download", "a", (data: Buffer) => data);',
  'for await (const [, data] of new SimpleClient<{ file(data: Buffer): void }>()) data.readUInt8();',
  "export class Files extends ClientNamespace<FromServer> implements NamespaceMethods<FromServer> { on_file(data: Buffer) { return data; } }",
]) {
  test(`[M2] the compiler says that a Uint8Array is received: ${line}`, () => assert.match(compiled(line), /received binary is a Uint8Array, not a Buffer/));
}

test("[M2] a Buffer of Node can be sent", () => {
  assert.equal(compiled('client.emit("upload", Buffer.from("a")); void client.call("upload", Buffer.alloc(1)); client.of("/a").emit("b", Buffer.alloc(1));'), "");
});
