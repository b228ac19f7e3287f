// Explains packets on the wire: those of Engine.IO 3 and 4, and the Socket.IO packets in them.
import { counted, seconds } from "./text.mjs";

const PROBE = "probe";

// Engine.IO packets in string form, by their first character.
const ENGINE = {
  0: (text) => `OPEN ${opening(text)}`,
  1: () => "CLOSE, ends the connection",
  2: (text) => (text === PROBE ? "PING probe, does the websocket work?" : "PING, is the other side there?"),
  3: (text) => (text === PROBE ? "PONG probe, the websocket works" : "PONG, this side is there"),
  5: () => "UPGRADE, all goes over the websocket from now on",
  6: () => "NOOP, ends a poll that waits",
};

function opening(text) {
  const { sid, pingInterval, pingTimeout, maxPayload, upgrades } = object(text);
  return [
    `sid ${sid ?? "?"}`,
    `PING every ${ifNumber(pingInterval, seconds)}, to be answered within ${ifNumber(pingTimeout, seconds)}`,
    ...(maxPayload === undefined ? [] : [`at most ${ifNumber(maxPayload, (size) => counted(size, "byte"))} at once`]),
    upgrades?.length > 0 ? `may become a ${upgrades.join(", ")}` : "stays as it is",
  ].join(", ");
}

const ifNumber = (value, words) => (typeof value === "number" ? words(value) : "?");

const TYPES = ["CONNECT", "DISCONNECT", "EVENT", "ACK", "CONNECT_ERROR", "BINARY_EVENT", "BINARY_ACK"];
const BINARY = { BINARY_EVENT: "EVENT", BINARY_ACK: "ACK" };

// A Socket.IO packet: type, number of attachments and "-", namespace and ",", number, data.
const SOCKET = /^([0-6])(?:(\d+)-)?(?:(\/[^,]*)(?:,|$))?(\d+)?(.*)$/s;

function object(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Reads the packets of one connection after the other, in both directions. The server's packets show the protocol version. */
export class Reader {
  #revision = 4;
  // By direction: the packet that waits for attachments, their number, and the number that has arrived.
  #attachments = {};
  // By direction, namespace and number: the events that wait for an acknowledgement, and their time.
  #asked = new Map();
  #decode;

  /** @param {(bytes: Uint8Array) => object} [decode] returns the packet of a binary frame, for a serializer that writes binary frames */
  constructor(decode) {
    this.#decode = decode;
  }

  /**
   * Returns the packets of a polling payload, unchanged.
   * @param {string | Uint8Array} payload
   */
  payload(payload) {
    if (typeof payload === "string" && !/^\d+:/.test(payload)) return payload.split("\x1e");
    this.#revision = 3; // only its payloads have the other forms, and such a server answers in them to any request
    return typeof payload === "string" ? packetsOfString(payload) : packetsOfBytes(payload);
  }

  /**
   * Returns the meaning of a packet.
   * @param {string | Uint8Array} packet
   * @param {boolean} sent whether it goes to the server
   * @param {number} now milliseconds
   */
  meaning(packet, sent, now) {
    if (typeof packet !== "string") return this.#binary(this.#revision === 3 ? packet.subarray(1) : packet, sent, now);
    if (packet.startsWith("b")) return this.#binary(Buffer.from(packet.slice(this.#revision === 3 ? 2 : 1), "base64"), sent, now);
    if (packet.startsWith("0")) this.#begin();
    if (packet.startsWith("4")) return this.#message(packet.slice(1), sent, now);
    return ENGINE[packet[0]]?.(packet.slice(1)) ?? "no packet of Engine.IO";
  }

  // Packets of a former connection no longer arrive.
  #begin() {
    this.#attachments = {};
    this.#asked.clear();
  }

  #message(text, sent, now) {
    const [, type, count, nsp = "/", id, data] = SOCKET.exec(text) ?? [];
    if (type === undefined) return "MESSAGE, no packet of Socket.IO";
    // A server that connects "/" unasked, without a session id, is an old one, even if only a websocket was used.
    if (type === "0" && !sent && data === "") this.#revision = 3;
    const [what, more] = this.#socket({ type: Number(type), nsp, id, data: parsed(data) }, sent, now);
    if (!(Number(count) > 0)) return what + more;
    this.#attachments[sent] = { what, count: Number(count), come: 0 };
    return `${what}${more}, ${counted(Number(count), "attachment")} to come`;
  }

  // Returns the type of a packet, and details.
  #socket({ type, nsp, id, data }, sent, now) {
    const name = TYPES[type];
    const on = `${sent ? "to" : "from"} ${nsp}`;
    const asked = (bySelf) => `${bySelf} ${nsp} ${id}`;
    switch (BINARY[name] ?? name) {
      case "CONNECT":
        if (sent) return [name, ` to ${nsp}${data === undefined ? "" : ", with auth"}`];
        return [name, `, ${nsp} is connected${data?.sid ? `, sid ${data.sid}` : ""}`];
      case "DISCONNECT":
        return [name, ` ${sent ? "from" : "by the server from"} ${nsp}`];
      case "CONNECT_ERROR":
        return [this.#revision === 3 ? "ERROR" : name, `, ${nsp} is refused`];
      case "EVENT": {
        const event = JSON.stringify(data?.[0]) ?? "of no name";
        if (id !== undefined) this.#asked.set(asked(sent), { event, since: now });
        return [`${name} ${event}`, ` ${on}${id === undefined ? "" : `, to be answered as ${id}`}`];
      }
      default: {
        const { event, since } = this.#asked.get(asked(!sent)) ?? {};
        this.#asked.delete(asked(!sent));
        return [name, ` ${on}, answers ${event ? `${event} (${id}) after ${seconds(now - since)}` : (id ?? "?")}`];
      }
    }
  }

  #binary(bytes, sent, now) {
    const size = counted(bytes.byteLength, "byte");
    if (this.#decode) return this.#decoded(bytes, sent, now) ?? `MESSAGE, ${size}, no packet of the serializer`;
    const waiting = this.#attachments[sent];
    if (!waiting) return `binary data, ${size}, of no packet`;
    waiting.come += 1;
    if (waiting.come === waiting.count) delete this.#attachments[sent];
    return `attachment ${waiting.come} of ${waiting.count}, ${size}, of ${waiting.what}`;
  }

  #decoded(bytes, sent, now) {
    try {
      return this.#socket(this.#decode(bytes), sent, now).join("");
    } catch {
      return undefined;
    }
  }
}

/** Splits a payload of Engine.IO 3 in which each packet stands behind its length and a colon. */
function packetsOfString(payload) {
  const packets = [];
  for (let at = 0; at < payload.length; ) {
    const begin = payload.indexOf(":", at) + 1;
    const end = begin + Number(payload.slice(at, begin - 1));
    if (begin === 0 || !(end > begin)) return [...packets, payload.slice(at)];
    packets.push(payload.slice(begin, end));
    at = end;
  }
  return packets;
}

/** Splits a payload of Engine.IO 3 in bytes: before each packet stand 0 for a string or 1 for bytes, the digits of its length, and 255. */
function packetsOfBytes(payload) {
  const packets = [];
  for (let at = 0; at < payload.length; ) {
    const begin = payload.indexOf(255, at) + 1;
    const end = begin + Number(payload.subarray(at + 1, begin - 1).join(""));
    if (begin === 0 || !(end > begin)) return [...packets, payload.subarray(at)];
    const packet = payload.subarray(begin, end);
    packets.push(payload[at] === 0 ? new TextDecoder().decode(packet) : packet);
    at = end;
  }
  return packets;
}

function parsed(data) {
  if (data === "") return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
