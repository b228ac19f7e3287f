// Only compiled. Received binary data is a Uint8Array; sent binary data may be a Buffer.
import { Client, SimpleClient, type EventAnswer, type Scope } from "socketio-wasm";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const isTrue = <T extends true>(): T | undefined => undefined;

// The part of Node's Buffer by which the declarations know it: this program has no types of Node.
interface Buffer extends Uint8Array {
  readUInt32LE(offset?: number): number;
}

interface Picture {
  name: string;
  sizes: { small: Buffer }[];
}
interface Tree {
  name: string;
  children: Tree[];
}
interface FromServer {
  file(name: string, data: Buffer): void;
  picture(picture: Picture): void;
  bytes(data: Uint8Array): void;
  either(data: Buffer | Uint8Array): void;
  view(data: DataView, when: Date): void;
  tree(tree: Tree): void;
  question(text: string): Buffer;
}
interface ToServer {
  upload(data: Buffer): void;
  download(name: string): Buffer;
  fetch(name: string, answer: (data: Buffer, size: number) => void): void;
  bytes(): Uint8Array;
}

type Hint = { hint: "received binary is a Uint8Array, not a Buffer"; toString: never };
isTrue<Equal<EventAnswer<ToServer, "download">, Hint>>();
isTrue<Equal<EventAnswer<ToServer, "fetch">, [data: Hint, size: number]>>();
isTrue<Equal<EventAnswer<ToServer, "bytes">, Uint8Array>>();

export async function received(client: Client<FromServer, ToServer>, chat: Scope<FromServer>, buffer: Buffer): Promise<void> {
  client.on("bytes", (data) => isTrue<Equal<typeof data, Uint8Array>>());
  client.on("view", (data, when) => [data.byteLength, when.getTime()]);
  client.on("tree", (tree) => isTrue<Equal<typeof tree, Tree>>());
  client.on("either", (data: Uint8Array) => data.length);
  client.on("file", (name, data) => isTrue<Equal<[typeof name, typeof data], [string, Hint]>>());
  // @ts-expect-error a Buffer is never received
  client.on("file", (name: string, data: Buffer) => data.readUInt32LE());
  // @ts-expect-error its methods are refused, also those that every object has
  client.on("file", (name, data) => data.toString());
  // @ts-expect-error nor as a Uint8Array under a map that promises a Buffer
  chat.once("file", (name: string, data: Uint8Array) => data.length);
  // @ts-expect-error nor inside of an object
  client.on("picture", (picture: Picture) => picture.sizes);
  // @ts-expect-error nor as an answer
  const answer: Buffer = await client.call("download", "a");
  // @ts-expect-error nor by a callback
  client.emit("fetch", "a", (data: Buffer) => [answer, data]);
  // @ts-expect-error nor by one with a timeout
  client.timeout(5).emit("fetch", "a", (error: Error | null, data: Buffer) => [error, data]);
  for await (const [, data] of client.events("file")) isTrue<Equal<typeof data, Hint>>();
  for await (const event of client.events()) if (event[0] === "file") isTrue<Equal<(typeof event)[2], Hint>>();

  client.on("question", () => buffer); // a Buffer can be sent
  client.emit("upload", buffer);
  await client.call("upload", buffer);
}

export async function simple(client: SimpleClient<{ file(data: Buffer): void }>): Promise<void> {
  const [, data] = await client.receive();
  isTrue<Equal<typeof data, Hint>>();
}
