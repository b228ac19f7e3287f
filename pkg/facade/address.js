// Makes the two addresses of a connection from the user's URL.
import { toError } from "./to-error.js";

// The names by which the protocol identifies connections and transports.
const PROTOCOLS_OWN = ["sid", "EIO", "transport"];

const SECURE = { "http:": "", "ws:": "", "https:": "s", "wss:": "s" };

/**
 * Returns the URLs of both transports, complete except for the version of the protocol at their end. A path is refused, because it may be
 * meant as a namespace or as the server's path. A query is preserved. In a page, a relative URL is relative to it.
 * @param {string | URL} url
 * @param {string} path the server's path
 * @param {boolean} canAuthenticate true if a user and a password in a URL are sent: no browser lets a page do it
 */
export function endpointsOf(url, path, canAuthenticate) {
  const invalid = (why) => toError("INVALID_URL", url, why);
  if (typeof url !== "string" && !(url instanceof URL)) throw invalid("syntax");
  let parsed;
  try {
    parsed = new URL(url, globalThis.location?.href);
  } catch {
    throw invalid("syntax");
  }
  const secure = SECURE[parsed.protocol];
  if (secure === undefined) throw invalid("scheme");
  if (parsed.pathname.length > 1) throw invalid("path");
  if (PROTOCOLS_OWN.some((name) => parsed.searchParams.has(name))) throw invalid("query");
  const user = parsed.username || parsed.password ? `${parsed.username}:${parsed.password}@` : "";
  if (user && !canAuthenticate) throw invalid("user");
  const folder = path.replace(/^\/+|\/+$/g, "");
  const query = parsed.search.length > 1 ? `${parsed.search.slice(1)}&` : "";
  const endpoint = (scheme, transport) =>
    `${scheme}${secure}://${user}${parsed.host}/${folder && `${folder}/`}?${query}transport=${transport}&EIO=`;
  return { polling: endpoint("http", "polling"), websocket: endpoint("ws", "websocket") };
}
