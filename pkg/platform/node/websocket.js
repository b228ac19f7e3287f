// The standard WebSocket's shape over npm `ws`, with what a browser cannot do: headers on the request, the words of a server
// that refuses the upgrade, and one write for a batch of frames.
import { WebSocket as Ws } from "ws";
import { wordsOf } from "./words.js";

const TEXT = { binary: false };

const MAX_REFUSAL_BYTES = 64 * 1024; // of a refusal's body; more is not read, since it is for people

/**
 * A WebSocket with the handlers `onopen`, `onmessage`, `onerror` and `onclose`.
 * @example
 * const socket = new WebSocket("ws://localhost:3000/", [], { headers: { authorization: "Bearer abc" } });
 * socket.onmessage = ({ data }) => console.log(data); // a string or an ArrayBuffer
 * socket.onerror = ({ message, status, body }) => console.log(message, status, body); // status and body: of an HTTP answer
 */
export class WebSocket {
  /** @type {((event: object) => void) | null} */
  onopen = null;
  /** @type {((event: { data: string | ArrayBuffer }) => void) | null} */
  onmessage = null;
  /** @type {((event: { message: string, error: Error, status?: number, body?: string }) => void) | null} */
  onerror = null;
  /** @type {((event: { code: number, reason: string, wasClean: boolean }) => void) | null} */
  onclose = null;

  #socket;
  #stream; // the TCP or TLS socket, once the server has agreed
  #refusal; // the server's words, where it answered with something else than a websocket

  /**
   * @param {string | URL} url ws://, wss://, http:// or https://
   * @param {string | string[]} [protocols]
   * @param {object} [options] `headers` and any other option of `ws`
   * @param {import("./fetch.js").Connection} [connection]
   */
  constructor(url, protocols = [], options = {}, { routes, cookies, unref } = {}) {
    const withCookies = cookies && !cookies.empty && { finishRequest: (request) => addCookies(request, cookies, url) };
    const protocol = new URL(url).protocol.replace(/^http/, "ws");
    const tunnel = routes?.proxy && new AbortController();
    // Compression costs more memory and time than it saves for small messages; who wants it passes the option.
    const socket = new Ws(url, protocols, { perMessageDeflate: false, ...routes?.by(protocol), tunnelSignal: tunnel?.signal, ...withCookies, ...options });
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    const keepCookies = ({ headers: { "set-cookie": lines } }) => lines && cookies?.store(url, lines).catch(warn);
    socket.on("upgrade", (response) => {
      this.#stream = response.socket;
      if (unref) response.socket.unref();
      keepCookies(response);
    });
    socket.on("unexpected-response", (request, response) => {
      keepCookies(response);
      readRefusal(response, (refusal) => {
        this.#refusal = refusal;
        socket.close(); // having a listener, we are to end the attempt; `error` and `close` follow
      });
    });
    socket.on("open", () => this.onopen?.({ type: "open" }));
    socket.on("message", (data, isBinary) => this.onmessage?.({ type: "message", data: isBinary ? data : data.toString() }));
    socket.on("error", (error) => {
      const about = { proxy: routes?.proxy, unheard: protocol === "wss:" && !this.#stream };
      this.onerror?.({ type: "error", message: wordsOf(error, about), error, ...this.#refusal });
    });
    socket.on("close", (code, reason) => {
      tunnel?.abort();
      this.onclose?.({ type: "close", code, reason: reason.toString(), wasClean: code !== 1006 });
    });
  }

  get url() {
    return this.#socket.url;
  }

  get protocol() {
    return this.#socket.protocol;
  }

  get readyState() {
    return this.#socket.readyState;
  }

  /** Bytes given to send() that the operating system has not taken yet. */
  get bufferedAmount() {
    return this.#socket.bufferedAmount;
  }

  get binaryType() {
    return this.#socket.binaryType;
  }

  /** "arraybuffer" (the default here) or "nodebuffer". */
  set binaryType(type) {
    this.#socket.binaryType = type;
  }

  /**
   * Sends one message.
   * @param {string | Uint8Array | ArrayBuffer} data
   * @throws {Error} if the socket is not open yet
   */
  send(data) {
    // Of a Buffer, `ws` makes one piece with the frame's header, of a text two: half as much to write.
    if (typeof data === "string") this.#socket.send(Buffer.from(data), TEXT);
    else this.#socket.send(data);
  }

  /**
   * Begins the closing handshake; while connecting, gives up.
   * @param {number} [code] 1000 or 3000 to 4999
   * @param {string} [reason] at most 123 bytes
   */
  close(code, reason) {
    this.#socket.close(code, reason);
  }

  /** Holds what send() writes back until uncork(), so that a batch of frames costs one write to the operating system. */
  cork() {
    this.#stream?.cork();
  }

  /** Writes what cork() held back. */
  uncork() {
    this.#stream?.uncork();
  }
}

// The request goes when its cookies are known.
async function addCookies(request, cookies, url) {
  try {
    const header = await cookies.header(url, request.getHeader("cookie"));
    if (header) request.setHeader("cookie", header);
    request.end();
  } catch (error) {
    request.destroy(error);
  }
}

// Nobody waits for the jar when a websocket opens.
const warn = (error) => process.emitWarning(`socketio-wasm: the cookie jar has failed: ${error?.message}`);

// Reads why a server refused the upgrade: as much of its answer as comes, up to a limit.
function readRefusal(response, done) {
  const chunks = [];
  let size = 0;
  const finish = () => {
    response.off("data", collect).off("end", finish).off("error", finish).off("close", finish);
    response.on("error", () => {}); // one that comes after this concerns nobody
    const body = Buffer.concat(chunks).subarray(0, MAX_REFUSAL_BYTES).toString();
    done({ message: `Unexpected server response: ${response.statusCode}`, status: response.statusCode, body });
  };
  const collect = (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_REFUSAL_BYTES) finish();
  };
  response.on("data", collect).on("end", finish).on("error", finish).on("close", finish);
}
