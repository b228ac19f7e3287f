// Serves files from folders, each under a prefix of the address, and nothing outside the folders.

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
 * Returns a request listener for node:http. `folders` maps prefixes ("/", "/lib/") to folders; the longest prefix counts.
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

    // The browser revalidates each time, and the file is sent only if it has changed: so a page under development is never stale.
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
    pipeline(createReadStream(file), response, () => {}); // a reader who goes away is not our error
  };
}

// Returns the decoded path of a request, which begins with "/" and only leads down; undefined for any other.
function pathOf(url) {
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0]);
    if (!path.startsWith("/") || path.includes("\0") || path.includes("\\")) return undefined;
    // `join` would resolve dots and could climb out of the folder, so such a path is refused.
    return normalize(path).split(sep).join("/") === path ? path : undefined;
  } catch {
    return undefined; // a "%" that encodes nothing
  }
}

/**
 * Returns the Content-Security-Policy for a page: everything from its own server, WebAssembly, and the inline scripts of its
 * present HTML by their hash (an import map has to be inline).
 */
export function contentSecurityPolicy(htmlFile) {
  const inline = readFileSync(htmlFile, "utf8").matchAll(/<script(?![^>]*\ssrc=)[^>]*>(.*?)<\/script>/gs);
  const hashes = [...inline].map(([, script]) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  return [
    "default-src 'self'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...hashes].join(" "),
    "connect-src 'self' ws:", // for some browsers a websocket to the same server is not 'self'
    "base-uri 'none'",
    "form-action 'none'", // the page handles its forms; the browser never sends them
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join("; ");
}
