// Serves files from folders, each under a prefix of the address: what a page needs, and nothing outside of the folders.

import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { pipeline } from "node:stream";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * A request listener for node:http. `folders` maps prefixes ("/", "/lib/") to folders; the longest prefix counts.
 * `headers` are sent with every answer.
 */
export function serveFiles(folders, headers) {
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length);

  return async (request, response) => {
    const answer = (status, text) => {
      response.writeHead(status, { ...headers, "content-type": "text/plain; charset=utf-8" });
      response.end(text + "\n");
    };
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      return answer(405, "Only GET and HEAD are answered here.");
    }
    const path = pathOf(request.url);
    const prefix = path && prefixes.find((prefix) => path.startsWith(prefix));
    if (!prefix) return answer(404, "There is nothing here.");

    const file = join(
      folders[prefix],
      path.endsWith("/") ? path.slice(prefix.length) + "index.html" : path.slice(prefix.length),
    );
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) return answer(404, "There is nothing here.");

    // Asked about each time and sent only when changed: a page being worked on is never an old one.
    const etag = `"${found.size.toString(36)}-${found.mtimeMs.toString(36)}"`;
    const sent = {
      ...headers,
      etag,
      "cache-control": "no-cache",
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    };
    if (request.headers["if-none-match"] === etag) return response.writeHead(304, sent).end();

    response.writeHead(200, { ...sent, "content-length": found.size });
    if (request.method === "HEAD") return response.end();
    pipeline(createReadStream(file), response, () => {}); // a reader who goes away is no error of ours
  };
}

// The path of a request, decoded, beginning with "/" and leading nowhere but down; undefined if it is none.
function pathOf(url) {
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0]);
    if (!path.startsWith("/") || path.includes("\0") || path.includes("\\")) return undefined;
    // `join` would resolve the dots, and so could climb out of the folder: such a path is not looked up at all.
    return normalize(path).split(sep).join("/") === path ? path : undefined;
  } catch {
    return undefined; // a "%" that encodes nothing
  }
}

/**
 * The Content-Security-Policy for a page: everything from its own server, WebAssembly allowed, and of inline scripts
 * only those that stand in its HTML now (an import map has to be inline), by their hash.
 */
export function contentSecurityPolicy(htmlFile) {
  const inline = readFileSync(htmlFile, "utf8").matchAll(/<script(?![^>]*\ssrc=)[^>]*>(.*?)<\/script>/gs);
  const hashes = [...inline].map(([, script]) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  return [
    "default-src 'self'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...hashes].join(" "),
    "connect-src 'self' ws:", // some browsers do not count a websocket to the same server as 'self'
    "base-uri 'none'",
    "form-action 'none'", // forms here are handled by the page, never sent by the browser
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join("; ");
}
