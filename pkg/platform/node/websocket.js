// The standard WebSocket's shape over npm `ws`, with what a browser cannot do: headers on the request, the message of a server
// that refuses the upgrade, and one write for a batch of frames.
import Ws from "ws"; // the build makes a file of it
import { redirectOfWebsocket } from "./redirects.js";
import { isTunnelRefused } from "./routes.js";
import { networkErrorMessage } from "./network-error.js";

const TEXT = { binary: false };

const MAX_REFUSAL_BYTES = 64 * 1024; // of a refusal's body; more is not read, since it is for people

/**
 * A WebSocket with the handlers `onopen`, `onmessage`, `onerror` and `onclose`.
 * @example
 * const socket = new WebSocket("ws://localhost:3000/", [], { headers: { authorization: "Bearer abc" } });
 * socket.onmessage = ({ data }) => console.log(data); // a string or an ArrayBuffer
 * socket.onerror = ({ message, status, body }) => console.log(message, status, body); // status and body: of an HTTP answer
 */
export class WebSocket extends /** @type {any} */ (Ws) {
  /** @type {((event: object) => void) | null} */
  onopen = null;
  /** @type {((event: { type: string, data: string | ArrayBuffer }) => void) | null} */
  onmessage = null;
  /** @type {((event: { type: string, message: string, error: Error, status?: number, body?: string }) => void) | null} */
  onerror = null;
  /** @type {((event: { type: string, code: number, reason: string, wasClean: boolean }) => void) | null} */
  onclose = null;

  #connection;
  #tunnel; // aborts the way through a proxy
  #stream; // the TCP or TLS socket, once the server has agreed
  #refusal; // the server's message if it refused the upgrade

  /**
   * @param {string | URL} url ws://, wss://, http:// or https://
   * @param {string | string[]} [protocols]
   * @param {object} [options] `headers` and any other option of `ws`
   * @param {import("./fetch.js").Connection} [connection]
   */
  constructor(url, protocols = [], options = {}, connection = {}) {
    const { routes, cookies } = connection;
    const withCookies = cookies && !cookies.empty && { finishRequest: (request) => addCookies(request, cookies, url) };
    const tunnel = routes?.proxy && new AbortController();
    // Compression costs more memory and time than it saves for small messages; who wants it passes the option.
    super(url, protocols, { perMessageDeflate: false, ...routes?.by(schemeOf(url)), tunnelSignal: tunnel?.signal, ...withCookies, ...options });
    this.#connection = connection;
    this.#tunnel = tunnel;
    this.binaryType = "arraybuffer";
  }

  /** Receives every event of `ws`. Otherwise each websocket would need a listener for each kind of event. */
  emit(name, a, b) {
    switch (name) {
      case "message":
        this.onmessage?.({ type: "message", data: b ? a : a.toString() });
        return true;
      case "upgrade":
        this.#stream = a.socket;
        if (this.#connection.unref) a.socket.unref();
        this.#keepCookies(a);
        return true;
      case "unexpected-response":
        // A proxy that refuses the tunnel does not speak for the server.
        if (!isTunnelRefused(a)) this.#keepCookies(b);
        readRefusal(b, (refusal) => {
          const redirect = isTunnelRefused(a) ? undefined : redirectOfWebsocket(b, this.url);
          this.#refusal = redirect ? { ...refusal, message: `${refusal.message}: ${redirect}`, body: redirect } : refusal;
          this.close(); // a listener of this event must end the attempt; `error` and `close` follow
        });
        return true;
      case "open":
        this.onopen?.({ type: "open" });
        return true;
      case "error":
        this.#failed(a);
        return true;
      case "close":
        this.#tunnel?.abort();
        this.onclose?.({ type: "close", code: a, reason: b.toString(), wasClean: a !== 1006 });
        return true;
      default:
        return super.emit(name, a, b);
    }
  }

  #failed(error) {
    const about = { proxy: this.#connection.routes?.proxy, silentServer: schemeOf(this.url) === "wss:" && !this.#stream };
    this.onerror?.({ type: "error", message: networkErrorMessage(error, about), error, ...this.#refusal });
  }

  #keepCookies({ headers: { "set-cookie": lines } }) {
    if (lines) this.#connection.cookies?.store(this.url, lines).catch(warn);
  }

  /**
   * Sends one message.
   * @param {string | Uint8Array | ArrayBuffer} data
   * @throws {Error} if the socket is not open yet
   */
  send(data) {
    // `ws` writes a Buffer and the frame's header in one piece, a string in two.
    if (typeof data === "string") super.send(Buffer.from(data), TEXT);
    else super.send(data);
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

/** The scheme as `ws` has it, which takes those of pages too. */
const schemeOf = (url) => String(url).match(/^\w+:/)?.[0].toLowerCase().replace("http", "ws");

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
