// The contents of the wire: packets of Socket.IO 5, requests and answers. The client has code of its own for all of this, so that a fault
// of one is not repeated in the other.

// Types of packets
export const CONNECT = 0;
export const DISCONNECT = 1;
export const EVENT = 2;
export const ACK = 3;
export const CONNECT_ERROR = 4;
const BINARY = 3; // is added to the type of an EVENT or ACK with attachments

/** Returns the frames of a packet: its text, then its attachments. */
export function encode(type, namespace, id, data) {
  const attachments = [];
  const carriesBinary = type === EVENT || type === ACK;
  const json = data === undefined ? "" : JSON.stringify(carriesBinary ? takeBinary(data, attachments) : data);
  const kind = attachments.length > 0 ? `${type + BINARY}${attachments.length}-` : String(type);
  return [`${kind}${namespace === "/" ? "" : `${namespace},`}${id ?? ""}${json}`, ...attachments];
}

/** Returns a value with placeholders in the place of its binary parts, which it adds to the attachments. */
function takeBinary(value, attachments) {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return { _placeholder: true, num: attachments.push(bytesOf(value)) - 1 };
  if (Array.isArray(value)) return value.map((item) => takeBinary(item, attachments));
  if (typeof value !== "object" || value === null || typeof value.toJSON === "function") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, takeBinary(item, attachments)]));
}

/** Returns true if a value has a binary part. */
export function hasBinary(value) {
  const attachments = [];
  takeBinary(value, attachments);
  return attachments.length > 0;
}

/** Returns a value with its attachments in the place of the placeholders. */
export function putBinary(value, attachments) {
  if (Array.isArray(value)) return value.map((item) => putBinary(item, attachments));
  if (typeof value !== "object" || value === null) return value;
  if (value._placeholder === true) {
    if (!Object.hasOwn(attachments, value.num)) throw new Error(`the client has sent no attachment ${value.num}, but its place`);
    return attachments[value.num];
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, putBinary(item, attachments)]));
}

/** Reads the text of a packet. */
export function decode(text) {
  const [, type, count = "0", namespace = "/", id, json] = /^(\d)(?:(\d+)-)?(?:(\/[^,]*),?)?(\d+)?([^]*)$/.exec(text) ?? [];
  if (type === undefined) throw new Error(`the client has sent no packet of Socket.IO: ${text}`);
  const kind = Number(type) > CONNECT_ERROR ? Number(type) - BINARY : Number(type);
  return { type: kind, missing: Number(count), namespace, id: id && Number(id), data: json ? JSON.parse(json) : undefined };
}

/** Returns a copy of bytes: a network would not show what the sender changes later. */
export function bytesOf(data) {
  const view = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
  return view.slice();
}

export const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
export const fromBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** Names that no event of a user has. */
const RESERVED = ["connect", "connect_error", "disconnect", "disconnecting"];

/** Throws if an event cannot be emitted by this name. */
export function checkName(event) {
  if (RESERVED.includes(event)) throw new Error(`"${event}" is a reserved name: no server can emit such an event`);
}

/** The answers of an Engine.IO server to a request that it refuses, by their numbers. */
const REFUSALS = ["Transport unknown", "Session ID unknown", "Bad handshake method", "Bad request", "Forbidden", "Unsupported protocol version"];

/** The parts of a request that a server looks at. */
export function requestOf(address, headers = {}) {
  const url = new URL(address);
  const query = Object.fromEntries(url.searchParams);
  const lowered = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { url: url.pathname + url.search, path: url.pathname.replace(/\/$/, ""), query, transport: query.transport, headers: lowered };
}

/** The part of a Response that a client reads. A real one may need the timers that a test replaces. */
export function responseOf(status, body, type = "text/plain; charset=UTF-8") {
  const headers = { get: (name) => (name.toLowerCase() === "content-type" ? type : null) };
  return { status, ok: status === 200, headers, text: async () => body, arrayBuffer: async () => new TextEncoder().encode(body).buffer };
}

/** The answer to a request that is refused. */
export const refusal = (code) => responseOf(400, JSON.stringify({ code, message: REFUSALS[code] }), "application/json");

/** The error of a request that reaches nobody. */
export const networkError = () => new TypeError("the in-memory server is offline");
