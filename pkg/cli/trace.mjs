// What --trace prints: all that goes over the wire, with its time and its meaning. It reads what `engineLogger` is told.
import { Reader } from "./packets.mjs";
import { clean, counted } from "./text.mjs";

/** How many characters of a packet are shown. */
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

  /** Whether lines are written. What goes by meanwhile is read, too: an attachment is known by the packet before it. */
  on = false;

  /**
   * @param {(line: string) => void} write
   * @param {(bytes: Uint8Array) => object} [decode] see Reader
   */
  constructor(write, decode) {
    this.#write = write;
    this.#reader = new Reader(decode);
  }

  /** A logger for `engineLogger`. */
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

  #payload(say, text, sent, what, now) {
    const arrow = sent ? "->" : "<-";
    // What a POST is answered with is no packet, and what another status comes with is the server's own words.
    if (!sent && (what !== "response 200" || /^ok$/i.test(text))) return say(arrow, `${what}: ${shortened(text)}`);
    const packets = this.#reader.payload(text);
    say(arrow, `${what} with ${counted(packets.length, "packet")}`);
    for (const packet of packets) this.#packet(say, packet, sent, now);
  }

  #packet(say, packet, sent, now) {
    const raw = typeof packet === "string" ? shortened(packet) : `<binary, ${counted(packet.byteLength, "byte")}>`;
    say(sent ? "->" : "<-", `${this.#meaning(packet, sent, now)}: ${raw}`);
  }

  // Packets may be anything, and what is thrown here would end the program.
  #meaning(packet, sent, now) {
    try {
      return this.#reader.meaning(packet, sent, now);
    } catch (error) {
      return `no packet that can be read (${error.message})`;
    }
  }
}

const shortened = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${counted(text.length, "character")})` : text);

/** A function that reads the packets of a serializer; undefined where they are text. */
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
