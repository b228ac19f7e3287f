// The part of fetch that HTTP long-polling needs, over node:http and node:https: three to four times cheaper than Node's own,
// which counts in a transport that makes a request for every batch of messages.
import http from "node:http";
import https from "node:https";
import { createUnzip, inflateRawSync } from "node:zlib";
import { wordsOf } from "./words.js";

const MAX_BODY_BYTES = 128 * 1024 * 1024; // of a decoded body, so that a hostile server cannot fill the memory

// Idle connections are closed here before most servers close them (5 s), since a request that meets the server's closing fails.
const agentOptions = { keepAlive: true, timeout: 4000 };
const agents = { "http:": new http.Agent(agentOptions), "https:": new https.Agent(agentOptions) };
// As the standard has them. Names in small letters, so that the same name given takes the place of the default.
const DEFAULT_HEADERS = { accept: "*/*", "accept-encoding": "gzip, deflate" };
const TEXT_HEADERS = { "content-type": "text/plain;charset=UTF-8" };

const modules = { "http:": http, "https:": https };

/**
 * Makes an HTTP request; resolves when the answer's head is here. Redirections are not followed.
 * @param {string | URL} url http:// or https://; `user:password@` in it becomes basic authentication
 * @param {object} [init]
 * @param {string} [init.method] default GET
 * @param {Record<string, string> | Headers} [init.headers]
 * @param {string | Uint8Array} [init.body]
 * @param {AbortSignal} [init.signal] aborted: the request ends, and the pending promise rejects with the signal's reason
 * @returns {Promise<Response>} rejects with a TypeError, as fetch does, whose message and `cause` say what went wrong
 * @example const text = await (await fetch("http://localhost:3000/hello")).text();
 */
export async function fetch(url, init = {}) {
  try {
    return await request(new URL(url), init);
  } catch (error) {
    // The server may close an idle connection in the moment of its reuse. Nothing was answered, so asking again is safe for a GET.
    const again = error?.reused && error.cause?.code === "ECONNRESET" && (init.method ?? "GET") === "GET" && !init.signal?.aborted;
    if (!again) throw error;
    return request(new URL(url), init);
  }
}

function request(target, { method = "GET", headers, body, signal }) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const client = modules[target.protocol];
    if (!client) throw new TypeError(`fetch failed: ${target.protocol} is neither http: nor https:`);
    const outgoing = client.request(target, {
      method,
      headers: { ...DEFAULT_HEADERS, ...(typeof body === "string" && TEXT_HEADERS), ...namedInSmallLetters(headers) },
      agent: agents[target.protocol],
    });
    // Where the body breaks, text() rejects: its stream is given the reason by the same destroy().
    const abort = () => {
      reject(signal.reason);
      outgoing.destroy();
    };
    signal?.addEventListener("abort", abort, { once: true });
    outgoing.once("close", () => signal?.removeEventListener("abort", abort));
    outgoing.once("response", (incoming) => resolve(new Response(incoming, signal)));
    outgoing.on("error", (error) =>
      reject(Object.assign(new TypeError(`fetch failed: ${wordsOf(error)}`, { cause: error }), { reused: outgoing.reusedSocket })),
    );
    outgoing.end(body);
  });
}

function namedInSmallLetters(headers = {}) {
  const entries = typeof headers.entries === "function" ? headers.entries() : Object.entries(headers);
  return Object.fromEntries(Array.from(entries, ([name, value]) => [name.toLowerCase(), value]));
}

/** An HTTP answer whose body can be read once, as text. */
class Response {
  #incoming;
  #signal;

  constructor(incoming, signal) {
    this.#incoming = incoming;
    this.#signal = signal;
    // Data may break off before anyone reads it; text() tells of it then.
    incoming.on("error", () => {});
  }

  /** The HTTP status, such as 200. */
  get status() {
    return this.#incoming.statusCode;
  }

  /** Whether the status is one of success. */
  get ok() {
    return this.status >= 200 && this.status < 300;
  }

  /** The headers, read by `headers.get(name)`: text, or null where there is no such header. */
  get headers() {
    const { headers } = this.#incoming;
    return {
      get: (name) => {
        const value = headers[name.toLowerCase()];
        return value === undefined ? null : String(value);
      },
    };
  }

  /**
   * The whole body, decompressed and read as UTF-8.
   * @returns {Promise<string>} rejects with the signal's reason if it is aborted, and with a TypeError if the body breaks off
   */
  async text() {
    try {
      const bytes = await collect(this.#incoming);
      return (await decode(bytes, this.#incoming.headers["content-encoding"])).toString();
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw new TypeError(`fetch failed: ${wordsOf(error)}`, { cause: error });
    }
  }
}

function collect(stream) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let size = 0;
    stream.on("data", (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_BODY_BYTES) stream.destroy(new Error(`a body of more than ${MAX_BODY_BYTES} bytes`));
    });
    stream.once("end", () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    stream.once("error", reject);
    stream.once("close", () => reject(new Error("the connection was closed before the body's end")));
    if (stream.destroyed) reject(stream.errored ?? new Error("the connection was closed before the body was read"));
  });
}

async function decode(bytes, encoding = "identity") {
  if (encoding === "identity" || encoding === "" || bytes.length === 0) return bytes;
  if (encoding !== "gzip" && encoding !== "x-gzip" && encoding !== "deflate") {
    throw new Error(`the server used a content encoding that was not asked for: ${encoding}`);
  }
  // "deflate" means zlib's format, but some servers send the raw one; the low four bits tell them apart.
  if (encoding === "deflate" && (bytes[0] & 0x0f) !== 8) return inflateRawSync(bytes, { maxOutputLength: MAX_BODY_BYTES });
  const unzip = createUnzip();
  unzip.end(bytes);
  return collect(unzip);
}
