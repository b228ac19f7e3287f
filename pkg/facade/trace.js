// The lines of `engineLogger`: all traffic, without its secrets. The core calls this for each request and frame.
import { requestShown, withoutSecrets } from "./redact.js";

// Replaces an auth: valid JSON, so that the packet can still be read.
const HIDDEN = '"<hidden>"';

// A packet of Engine.IO that carries a CONNECT packet of Socket.IO with its auth. The namespace is kept.
const CONNECT = /^(40(?:\/[^,]*,)?)[^/].*$/s;

const withoutAuth = (packet) => packet.replace(CONNECT, (_, head) => head + HIDDEN);

// Payloads of Engine.IO 4 have this character between their packets. (Those of Engine.IO 3 begin with a length; no auth is sent there.)
const SEPARATOR = "\x1e";

/** The trace of one client's connections. */
export class Trace {
  #write;
  #hidesAuth;
  #hidden = []; // packets that a serializer has written, which cannot be read here

  /**
   * @param {(what: string, value: unknown) => void} write
   * @param {boolean} hidesAuth false if the packets are not of Socket.IO
   */
  constructor(write, hidesAuth) {
    this.#write = write;
    this.#hidesAuth = hidesAuth;
  }

  /**
   * Writes a line.
   * @param {string} kind such as "GET" or "sent"
   * @param {unknown} value a URL, the body of a request or response, a frame, a number or an error, depending on the kind
   */
  log(kind, value) {
    this.#write(kind, this.#shown(kind, value));
  }

  /**
   * Has frames of a CONNECT packet hidden from now on; without arguments, forgets all of them.
   * @param {(string | Uint8Array)[]} [frames]
   * @param {string} [nsp]
   */
  hide(frames = [], nsp = "/") {
    if (frames.length === 0) this.#hidden = [];
    const shown = `40${nsp === "/" ? "" : `${nsp},`}${HIDDEN}`;
    for (const frame of frames) this.#hidden.push({ frame, text: typeof frame === "string" ? `4${frame}` : `b${base64(frame)}`, shown });
  }

  #shown(what, value) {
    if (what === "GET" || what === "websocket") return requestShown(value);
    if (what === "request failed") return withoutSecrets(value);
    if (!this.#hidesAuth) return value;
    if (what === "POST" && typeof value === "string") return value.split(SEPARATOR).map((packet) => this.#packet(packet)).join(SEPARATOR);
    return what === "sent" ? this.#packet(value) : value;
  }

  #packet(packet) {
    const same = this.#hidden.find(({ frame, text }) => packet === text || (typeof packet !== "string" && isSame(packet, frame)));
    if (same) return same.shown;
    return typeof packet === "string" ? withoutAuth(packet) : packet;
  }
}

const isSame = (bytes, frame) => bytes.length === frame.length && typeof frame !== "string" && bytes.every((byte, at) => byte === frame[at]);

const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
