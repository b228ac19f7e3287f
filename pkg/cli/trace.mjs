// Prints for --trace every packet on the wire, with its time and its meaning. It reads the lines of `engineLogger`.
import { Reader } from "./packets.mjs";
import { clean, counted } from "./text.mjs";

/** Number of characters of a packet that are shown. */
const LONGEST = 1_000;

const PREFIX = "socketio-wasm engine: ";

/**
 * @example
 * const trace = new Trace((line) => console.error(line));
 * const client = new Client({ engineLogger: trace.frames });
 */
export class Trace {
  #write;
  #reader;
  #start;

  /** True if lines are written. Packets are read even while they are not, because an attachment is recognised by the packet before it. */
  on = false;

  /**
   * @param {(line: string) => void} write
   * @param {(bytes: Uint8Array) => object} [decode] see Reader
   */
  constructor(write, decode) {
    this.#write = write;
    this.#reader = new Reader(decode);
  }

  /** Returns a logger for `engineLogger`. */
  get frames() {
    return { debug: (line, value) => this.#log(line.slice(PREFIX.length), value) };
  }

  #log(what, value) {
    const now = performance.now();
    if (this.#start === undefined && this.on) {
      this.#start = now;
      this.#write(`trace: times in seconds from ${new Date().toISOString()} on`);
    }
    const [kind, status] = what.split(" ");
    const say = (arrow, words) => this.on && this.#write(`+${((now - this.#start) / 1_000).toFixed(3)} ${arrow} ${clean(words)}`);
    if (kind === "GET") {
      say("->", `GET ${/[?&]sid=/.test(value) ? "polls" : "asks for a connection"}: ${value}`);
    } else if (kind === "POST" || kind === "response") {
      this.#payload(say, value, kind === "POST", kind === "POST" ? "POST" : `response ${status}`, now);
    } else if (kind === "sent" || kind === "received") {
      this.#packet(say, value, kind === "sent", now);
    } else if (what === "websocket") {
      say("->", `websocket opens: ${value}`);
    } else if (what === "websocket closed") {
      say("--", `websocket closed, code ${value}`);
    } else {
      say("--", `${what}${value === undefined ? "" : `: ${value?.message ?? value}`}`);
    }
  }

  #payload(say, payload, sent, what, now) {
    const arrow = sent ? "->" : "<-";
    // The answer to a POST is no packet, and the body of an answer with another status is the server's message.
    if (!sent && typeof payload === "string" && (what !== "response 200" || /^ok$/i.test(payload))) {
      return say(arrow, `${what}: ${shortened(payload)}`);
    }
    const packets = this.#reader.payload(payload);
    say(arrow, `${what} with ${counted(packets.length, "packet")}`);
    for (const packet of packets) this.#packet(say, packet, sent, now);
  }

  #packet(say, packet, sent, now) {
    const raw = typeof packet === "string" ? shortened(packet) : `<binary, ${counted(packet.byteLength, "byte")}>`;
    say(sent ? "->" : "<-", `${this.#meaning(packet, sent, now)}: ${raw}`);
  }

  // Packets may be anything, and an exception here would end the program.
  #meaning(packet, sent, now) {
    try {
      return this.#reader.meaning(packet, sent, now);
    } catch (error) {
      return `no packet that can be read (${error.message})`;
    }
  }
}

const shortened = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${counted(text.length, "character")})` : text);

/** Returns a function that reads the packets of a serializer; undefined if they are strings. */
export async function decoderOf(serializer) {
  if (serializer === undefined || serializer === "default") return undefined;
  const { Decoder } = await SERIALIZERS[serializer]();
  const decoder = new Decoder();
  let packet;
  decoder.on("decoded", (read) => (packet = read));
  return (bytes) => {
    decoder.add(bytes);
    return packet;
  };
}

const SERIALIZERS = {
  msgpack: () => import("socketio-wasm/serializers/msgpack"),
  cbor: () => import("socketio-wasm/serializers/cbor"),
  pickle: () => import("socketio-wasm/serializers/pickle"),
};
