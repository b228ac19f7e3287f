// The part of fetch that HTTP long-polling needs, over node:http and node:https: three to four times cheaper than Node's own,
// which counts in a transport that makes a request for every batch of messages.
import http from "node:http";
import https from "node:https";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { wordsOf } from "./words.js";

const unzip = promisify(gunzip);

const MAX_BODY_BYTES = 128 * 1024 * 1024; // of a decoded body, so that a hostile server cannot fill the memory

// Idle connections are closed here before most servers close them (5 s), since a request that meets the server's closing fails.
const agentOptions = { keepAlive: true, timeout: 4000 };
const agents = { "http:": new http.Agent(agentOptions), "https:": new https.Agent(agentOptions) };
// As the standard has them. Names in small letters, so that the same name given takes the place of the default.
const DEFAULT_HEADERS = { accept: "*/*", "accept-encoding": "gzip" };
const TEXT_HEADERS = { "content-type": "text/plain;charset=UTF-8" };

const modules = { "http:": http, "https:": https };

/**
 * Makes an HTTP request; resolves when the answer's head is here. Redirections are not followed.
 * @param {string} url http:// or https://; `user:password@` in it becomes basic authentication
 * @param {object} [init]
 * @param {string} [init.method] default GET
 * @param {Record<string, string>} [init.headers]
 * @param {string} [init.body]
 * @param {AbortSignal} [init.signal] aborted: the request ends, and the pending promise rejects with the signal's reason
 * @returns {Promise<{ status: number, text(): Promise<string> }>} rejects, as does the body's text, with a TypeError as fetch
 *   does, whose message and `cause` say what went wrong
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

function request(target, { method = "GET", headers = {}, body, signal }) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const inSmallLetters = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const outgoing = modules[target.protocol].request(target, {
      method,
      headers: { ...DEFAULT_HEADERS, ...(body !== undefined && TEXT_HEADERS), ...inSmallLetters },
      agent: agents[target.protocol],
    });
    // Where the body breaks, text() rejects: its stream is given the reason by the same destroy().
    const abort = () => {
      reject(signal.reason);
      outgoing.destroy();
    };
    signal?.addEventListener("abort", abort, { once: true });
    outgoing.once("close", () => signal?.removeEventListener("abort", abort));
    outgoing.once("response", (incoming) => {
      incoming.on("error", () => {}); // data may break off before anyone reads it; text() tells of it then
      resolve({ status: incoming.statusCode, text: () => textOf(incoming, signal) });
    });
    outgoing.on("error", (error) =>
      reject(Object.assign(new TypeError(`fetch failed: ${wordsOf(error)}`, { cause: error }), { reused: outgoing.reusedSocket })),
    );
    outgoing.end(body);
  });
}

// The whole body, decompressed and read as UTF-8.
async function textOf(incoming, signal) {
  try {
    const bytes = await collect(incoming);
    return (await decode(bytes, incoming.headers["content-encoding"])).toString();
  } catch (error) {
    signal?.throwIfAborted();
    throw new TypeError(`fetch failed: ${wordsOf(error)}`, { cause: error });
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
  if (encoding === "identity" || bytes.length === 0) return bytes;
  if (encoding === "gzip") return unzip(bytes, { maxOutputLength: MAX_BODY_BYTES });
  throw new Error(`the server used a content encoding that was not asked for: ${encoding}`);
}
