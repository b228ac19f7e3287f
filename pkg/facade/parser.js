// A parser in the shape of socket.io-msgpack-parser, `{ Encoder, Decoder }`, as the core uses one.
import { toError } from "./to-error.js";
import { messageOf } from "./format-value.js";

// The types of packets with attachments, by those without: BINARY_EVENT is an EVENT, BINARY_ACK an ACK.
const UNATTACHED = { 5: 2, 6: 3 };

const PACKET_TYPES = 5;
const CONNECT = 0;

/** Returns true if a value has the shape of a parser. Its classes are checked when they are used. */
export const isParser = (value) => typeof value?.Encoder === "function" && typeof value.Decoder === "function";

/**
 * Returns the object by which the core writes and reads packets, see `src/host/parser.rs`. Its errors go to the core.
 * @param {import("../types/serializers.js").Parser} parser
 * @param {boolean} inNode gives binary data as npm's parsers expect it: a Buffer in Node, an ArrayBuffer elsewhere
 * @param {(data: any) => any} received returns the data of a packet as handlers receive it
 * @param {(frames?: (string | Uint8Array)[], nsp?: string) => void} [hide] is called with the frames of a packet that holds auth, and
 *   without arguments when another connection begins
 */
export function adapterOf(parser, inNode, received, hide) {
  const encoder = made(parser, "Encoder", ["encode"]);
  made(parser, "Decoder", ["on", "add"]);
  const decoded = [];
  let decoder; // of this connection, made with its first frame: one that cannot be made fails like one that cannot read

  return {
    encode(type, nsp, data, id) {
      const packet = { type, nsp };
      if (data !== undefined) packet.data = data;
      if (id !== undefined) packet.id = id;
      const frames = encoder.encode(packet);
      if (!Array.isArray(frames) || frames.length === 0) throw new TypeError("the parser's encode() must return an array of strings and binary data");
      const written = frames.map(frameOf);
      if (type === CONNECT && data !== undefined) hide?.(written, nsp);
      return written;
    },

    add(frame) {
      if (!decoder) {
        decoder = new parser.Decoder();
        const current = decoder; // one of a former connection may still be at work
        decoder.on("decoded", (packet) => current === decoder && decoded.push(packet));
      }
      decoder.add(typeof frame === "string" ? frame : chunkOf(frame, inNode));
      return decoded.splice(0).map((packet) => packetOf(packet, received)); // also packets that were decoded late: they wait for the next frame
    },

    reset() {
      hide?.();
      const old = decoder;
      decoder = undefined;
      decoded.length = 0;
      try {
        old?.destroy?.();
      } catch {
        // It belongs to a connection that is gone: there is nothing that could fail for it.
      }
    },
  };
}

function made(parser, name, methods) {
  const wrong = (what) => toError("INVALID_OPTION", "serializer", parser, `a parser: ${what}`);
  let object;
  try {
    object = new parser[name]();
  } catch (error) {
    throw wrong(`\`new ${name}()\` throws: ${messageOf(error)}`);
  }
  for (const method of methods) {
    if (typeof object?.[method] !== "function") throw wrong(`its ${name} has no method ${method}()`);
  }
  return object;
}

function frameOf(frame) {
  if (typeof frame === "string") return frame;
  if (ArrayBuffer.isView(frame)) return new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame instanceof ArrayBuffer) return new Uint8Array(frame);
  throw new TypeError("the parser's encode() must return strings, ArrayBuffers or views of them");
}

function chunkOf(bytes, inNode) {
  const { buffer, byteOffset, byteLength } = bytes;
  if (inNode) return Buffer.from(buffer, byteOffset, byteLength);
  return byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
}

/** The packet with all that the core takes for granted. */
function packetOf(packet, received) {
  const { type, nsp, data, id } = Object(packet);
  const kind = UNATTACHED[type] ?? type;
  if (!Number.isInteger(kind) || kind < 0 || kind >= PACKET_TYPES) throw new TypeError("a packet of an unknown type");
  if (typeof nsp !== "string") throw new TypeError("a packet without its namespace");
  if (id != null && !(Number.isSafeInteger(id) && id >= 0)) throw new TypeError("a packet with a wrong id");
  // The core takes an event's name from its values: the parser's own array stays as it is.
  const values = received(data);
  return { type: kind, nsp, data: Array.isArray(values) ? [...values] : (values ?? undefined), id: id ?? undefined };
}
