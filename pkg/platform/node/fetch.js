// The part of fetch that HTTP long-polling needs, over node:http and node:https: three to four times cheaper than Node's own,
// which counts in a transport that makes a request for every batch of messages.
import http from "node:http";
import https from "node:https";
import { decode } from "./content-encoding.js";
import { Routes } from "./routes.js";
import { wordsOf } from "./words.js";

const MAX_BODY_BYTES = 128 * 1024 * 1024; // of a decoded body, so that a hostile server cannot fill the memory

// As the standard has them. Names in small letters, so that the same name given takes the place of the default.
const DEFAULT_HEADERS = { accept: "*/*", "accept-encoding": "gzip, deflate, br" };
const TEXT_HEADERS = { "content-type": "text/plain;charset=UTF-8" };

const modules = { "http:": http, "https:": https };

/** @typedef {{ routes?: Routes, cookies?: import("./cookies.js").Cookies, unref?: boolean }} Connection what a client's requests share */

/**
 * The fetch of one client.
 * @param {Connection} [connection]
 * @example const text = await (await fetcher()("http://localhost:3000/hello")).text();
 */
export function fetcher({ routes = new Routes(), cookies, unref = false } = {}) {
  /**
   * Makes an HTTP request; resolves when the answer's head is here. Redirections are not followed.
   * @param {string} url http:// or https://; `user:password@` in it becomes basic authentication
   * @param {object} [init]
   * @param {string} [init.method] default GET
   * @param {Record<string, string>} [init.headers]
   * @param {string | ArrayBuffer} [init.body]
   * @param {AbortSignal} [init.signal] aborted: the request ends, and the pending promise rejects with the signal's reason
   * @returns {Promise<{ status: number, headers: { get(name: string): string | null }, text(): Promise<string>,
   *   arrayBuffer(): Promise<ArrayBuffer> }>} `headers` by names in small letters; rejects, as does the body, with a TypeError
   *   as fetch does, whose message and `cause` say what went wrong
   */
  return async function fetch(url, init = {}) {
    const target = new URL(url);
    try {
      return await request(target, init);
    } catch (error) {
      // The server may close an idle connection in the moment of its reuse. Nothing was answered, so asking again is safe for a GET.
      const again = error?.reused && error.cause?.code === "ECONNRESET" && (init.method ?? "GET") === "GET" && !init.signal?.aborted;
      if (!again) throw error;
      return request(target, init);
    }
  };

  async function request(target, { method = "GET", headers = {}, body, signal }) {
    const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    if (cookies && !cookies.empty) {
      const header = await cookies.header(target, own.cookie).catch(failed);
      if (header) own.cookie = header;
    }
    const { response, setCookies } = await exchange(target, method, own, body, signal);
    if (setCookies && cookies) await cookies.store(target, setCookies).catch(failed);
    signal?.throwIfAborted();
    return response;
  }

  function exchange(target, method, headers, body, signal) {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const outgoing = modules[target.protocol].request(target, {
        ...routes.by(target.protocol),
        tunnelSignal: signal,
        method,
        headers: { ...DEFAULT_HEADERS, ...(body !== undefined && TEXT_HEADERS), ...headers },
      });
      // Where the body breaks, text() and arrayBuffer() reject: its stream is given the reason by the same destroy().
      const abort = () => {
        reject(signal.reason);
        outgoing.destroy();
      };
      signal?.addEventListener("abort", abort, { once: true });
      if (unref) outgoing.once("socket", (socket) => socket.unref());
      outgoing.once("close", () => signal?.removeEventListener("abort", abort));
      outgoing.once("response", (incoming) => {
        incoming.on("error", () => {}); // data may break off before anyone reads it; text() tells of it then
        const response = {
          status: incoming.statusCode,
          headers: { get: (name) => incoming.headers[name] ?? null },
          text: async () => (await bytesOf(incoming, signal)).toString(),
          arrayBuffer: async () => new Uint8Array(await bytesOf(incoming, signal)).buffer,
        };
        resolve({ response, setCookies: incoming.headers["set-cookie"] });
      });
      outgoing.on("error", (error) => {
        const unheard = target.protocol === "https:" && !outgoing.reusedSocket;
        reject(Object.assign(failure(error, unheard), { reused: outgoing.reusedSocket }));
      });
      outgoing.end(bodyOf(body, outgoing));
    });
  }

  function failure(error, unheard) {
    return new TypeError(wordsOf(error, { proxy: routes.proxy, unheard }), { cause: error });
  }

  function failed(error) {
    throw failure(error);
  }
}

const NON_ASCII = /[^\0-\x7f]/;

// Node writes a string in one piece with the headers, which is cheaper, but makes UTF-8 of them. Apart, they are Latin-1.
function bodyOf(body, outgoing) {
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  const headers = Object.values(outgoing.getHeaders());
  return typeof body === "string" && headers.some((value) => NON_ASCII.test(value)) ? Buffer.from(body) : body;
}

// The whole body, decompressed.
async function bytesOf(incoming, signal) {
  try {
    const bytes = await collect(incoming);
    return await decode(bytes, incoming.headers["content-encoding"], MAX_BODY_BYTES);
  } catch (error) {
    signal?.throwIfAborted();
    throw new TypeError(wordsOf(error), { cause: error });
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
