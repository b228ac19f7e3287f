// The conversation with real servers that every project of these tests holds, in every runtime.

/**
 * Talks over the default transports, then to a server of MessagePack, for which the client loads one more file.
 * @param {typeof import("socketio-wasm").Client} Client
 * @param {{ json: string, msgpack?: string }} servers their addresses
 * @returns {Promise<string[]>} the results: HEARD if everything works
 */
export async function talk(Client, { json, msgpack }) {
  const heard = [];
  const client = new Client();
  client.on("question", (text) => `${text} answered`);
  await client.connect(json, { namespaces: ["/", "/chat"] });
  const [text, bytes] = await client.call("echo", "hello", new Uint8Array([1, 2, 3]));
  heard.push(text, `${bytes.constructor.name} ${[...bytes]}`, await client.of("/chat").call("echo", "from chat"));
  const answered = new Promise((resolve) => client.on("answered", resolve));
  client.emit("ask", "question");
  heard.push(await answered);
  await client.disconnect();
  if (msgpack) {
    const other = new Client({ serializer: "msgpack" });
    await other.connect(msgpack, { transports: "websocket" });
    heard.push(await other.call("echo", "in MessagePack"));
    await other.disconnect();
  }
  return heard;
}
