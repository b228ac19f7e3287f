// The part of fetch that HTTP long-polling needs, over node:http and node:https: three to four times cheaper than Node's own,
// which counts in a transport that makes a request for every batch of messages.
import http from "node:http";
import https from "node:https";
import { decode } from "./content-encoding.js";
import { Delivery, onNewConnection } from "./delivery.js";
import { redirected, redirectOf } from "./redirects.js";
import { isTunnelRefused, Routes } from "./routes.js";
import { networkErrorMessage } from "./network-error.js";

const MAX_BODY_BYTES = 128 * 1024 * 1024; // of a decoded body, so that a hostile server cannot fill the memory
const MAX_SKIPPED_BYTES = 64 * 1024; // of the body of a redirect, which nobody reads

// As the standard has them. Names in small letters, so that the same name given takes the place of the default.
const DEFAULT_HEADERS = { accept: "*/*", "accept-encoding": "gzip, deflate, br" };
const TEXT_HEADERS = { "content-type": "text/plain;charset=UTF-8" };

const modules = { "http:": http, "https:": https };

/** @typedef {{ routes?: Routes, cookies?: import("./cookies.js").Cookies, unref?: boolean }} Connection what a client's requests share */

/**
 * @typedef {object} Request
 * @property {URL} target
 * @property {string} method
 * @property {Record<string, string>} headers of the user, by names in small letters
 * @property {string | ArrayBuffer} [body]
 * @property {AbortSignal} [signal]
 * @property {Routes} routes
 */

/**
 * The fetch of one client.
 * @param {Connection} [connection]
 * @example const text = await (await fetcher()("http://localhost:3000/hello")).text();
 */
export function fetcher({ routes = new Routes(), cookies, unref = false } = {}) {
  /**
   * Makes an HTTP request; resolves when the answer's head is here.
   *
   * A server may close an idle connection in the moment of its reuse. Therefore a request that fails on a reused connection
   * before the first byte of the answer is repeated once, on a new connection. The server may have taken the first one: then
   * a POST is delivered twice. A request on a new connection is never repeated.
   *
   * Redirects with the status 307 and 308 are followed, up to 20 in a row, with the same method and body; another origin gets no
   * credentials. For any other redirect, the body of the response says where it leads and why it is not followed.
   * @param {string} url http:// or https://; `user:password@` in it becomes basic authentication
   * @param {object} [init]
   * @param {string} [init.method] default GET
   * @param {Record<string, string>} [init.headers] sent as Latin-1, as fetch does
   * @param {string | ArrayBuffer} [init.body]
   * @param {AbortSignal} [init.signal] aborted: the request ends, and the pending promise rejects with the signal's reason
   * @returns {Promise<{ status: number, unsent: boolean, headers: { get(name: string): string | null }, text(): Promise<string>,
   *   arrayBuffer(): Promise<ArrayBuffer> }>} `headers` by names in small letters; `unsent` is true if the answer is that of a proxy
   *   which refused the tunnel to the server. Rejects, as does the body, with a TypeError as fetch does, whose message and `cause`
   *   say what went wrong. The error has `unsent: true` if not one byte of the request can have been sent: the server certainly
   *   has not got it. Without it, the server may have got it.
   */
  return async function fetch(url, { method = "GET", headers = {}, body, signal } = {}) {
    const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    /** @type {Request} */
    let request = { target: new URL(url), method, headers: own, body, signal, routes };
    for (let followed = 0; ; followed += 1) {
      const { incoming, isOfProxy, unsent } = await answerTo(request, followed > 0);
      // A proxy that refuses the tunnel to a server must not lead a request for that server elsewhere.
      const redirect = isOfProxy ? undefined : redirectOf(incoming, request.target, followed);
      if (!redirect) return responseOf(incoming, unsent, () => bytesOf(incoming, signal));
      await skip(incoming);
      signal?.throwIfAborted();
      if (redirect.message) return responseOf(incoming, unsent, async () => Buffer.from(redirect.message ?? ""));
      request = await redirected(request, /** @type {URL} */ (redirect.url));
    }
  };

  // Sends the request with its cookies, and keeps those of the answer.
  async function answerTo(request, isSentBefore) {
    const { target, headers, signal } = request;
    const cookie = cookies && !cookies.empty ? await cookieFor(request, isSentBefore) : undefined;
    const answer = await exchange(cookie ? { ...request, headers: { ...headers, cookie } } : request, isSentBefore);
    const lines = answer.incoming.headers["set-cookie"];
    if (lines && cookies && !answer.isOfProxy) await cookies.store(target, lines).catch((error) => Promise.reject(failure(error, request)));
    signal?.throwIfAborted();
    return answer;
  }

  function cookieFor(request, isSentBefore) {
    const { target, headers } = request;
    return /** @type {import("./cookies.js").Cookies} */ (cookies).header(target, headers.cookie).catch((error) => Promise.reject(failure(error, request, { unsent: !isSentBefore })));
  }

  /**
   * @param {Request} request
   * @param {boolean} isSentBefore whether a server may have got this request already
   * @param {boolean} [isRepeated] whether a reused connection has failed, so that a new one is needed
   */
  function exchange(request, isSentBefore, isRepeated = false) {
    const { target, signal } = request;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const outgoing = begin(request, isSentBefore, isRepeated);
      const delivery = new Delivery(outgoing);
      // If the body breaks off, text() and arrayBuffer() reject: the same destroy() gives its stream the reason.
      const abort = () => {
        reject(signal?.reason);
        outgoing.destroy();
      };
      signal?.addEventListener("abort", abort, { once: true });
      if (unref) outgoing.once("socket", (socket) => socket.unref());
      outgoing.once("close", () => signal?.removeEventListener("abort", abort));
      outgoing.once("response", (incoming) => {
        incoming.on("error", () => {}); // data may break off before anyone reads it; text() tells of it then
        const isOfProxy = isTunnelRefused(outgoing);
        resolve({ incoming, isOfProxy, unsent: isOfProxy && !isSentBefore });
      });
      outgoing.on("error", (error) => {
        if (!isRepeated && delivery.isStale(error) && !signal?.aborted) return resolve(exchange(request, true, true));
        const silentServer = target.protocol === "https:" && !outgoing.reusedSocket;
        reject(failure(error, request, { silentServer, unsent: !isSentBefore && (delivery.isUnsent || isTunnelRefused(outgoing)) }));
      });
      outgoing.end(bodyOf(request));
    });
  }

  function begin(request, isSentBefore, isRepeated) {
    const { target, method, headers, body, signal } = request;
    const route = request.routes.by(target.protocol);
    const begun = () =>
      modules[target.protocol].request(target, {
        ...route,
        tunnelSignal: signal,
        method,
        headers: { ...DEFAULT_HEADERS, ...(body !== undefined && TEXT_HEADERS), ...headers },
      });
    try {
      return isRepeated ? onNewConnection(route.agent, begun) : begun();
    } catch (error) {
      throw failure(error, request, { unsent: !isSentBefore });
    }
  }
}

/** The error of a failed request. */
function failure(error, { routes }, { silentServer = false, unsent = false } = {}) {
  const failed = new TypeError(networkErrorMessage(error, { proxy: routes.proxy, silentServer }), { cause: error });
  return unsent ? Object.assign(failed, { unsent }) : failed;
}

const NON_ASCII = /[^\0-\x7f]/;

// Node writes a string in one piece with the headers, which is cheaper, but makes UTF-8 of them. Apart, they are Latin-1.
function bodyOf(/** @type {Request} */ { body, headers }) {
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  return typeof body === "string" && Object.values(headers).some((value) => NON_ASCII.test(value)) ? Buffer.from(body) : body;
}

function responseOf(incoming, unsent, read) {
  return {
    status: incoming.statusCode,
    unsent,
    headers: { get: (name) => incoming.headers[name] ?? null },
    text: async () => (await read()).toString(),
    arrayBuffer: async () => new Uint8Array(await read()).buffer,
  };
}

// Waits for the end of a body that nobody reads, so that the connection can be used again. It may break off.
function skip(incoming) {
  return new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
    let size = 0;
    incoming.on("data", (chunk) => {
      size += chunk.length;
      if (size > MAX_SKIPPED_BYTES) incoming.destroy();
    });
    incoming.once("end", resolve).once("close", resolve);
    if (incoming.destroyed) resolve();
  });
}

// The whole body, decompressed.
async function bytesOf(incoming, signal) {
  try {
    const bytes = await collect(incoming);
    return await decode(bytes, incoming.headers["content-encoding"], MAX_BODY_BYTES);
  } catch (error) {
    signal?.throwIfAborted();
    throw new TypeError(networkErrorMessage(error), { cause: error });
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
