// The formats as files of their own: the whole conversation in one, a packet in each of the others.
import assert from "node:assert/strict";
import { Client } from "socketio-wasm";
import * as cbor from "socketio-wasm/serializers/cbor";
import * as msgpack from "socketio-wasm/serializers/msgpack";
import * as pickle from "socketio-wasm/serializers/pickle";
import { talk } from "./talk.js";

for (const { Encoder, Decoder } of [cbor, pickle]) {
  const packet = { type: 2, nsp: "/", data: ["event", 1] };
  const decoder = new Decoder();
  decoder.on("decoded", (decoded) => assert.deepEqual(decoded.data, packet.data));
  for (const frame of new Encoder().encode(packet)) decoder.add(frame);
}

class MessagePackClient extends Client {
  constructor() {
    super({ serializer: msgpack });
  }
}

console.log(JSON.stringify(await talk(MessagePackClient, { json: JSON.parse(process.argv[2]).msgpack })));
