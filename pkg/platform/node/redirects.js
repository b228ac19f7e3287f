// Redirects: 307 and 308 are followed as fetch does it. Any other is an answer that says where it leads.
import { shorten } from "../../facade/format-value.js";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const WITH_SAME_METHOD = new Set([307, 308]);

const MAX_REDIRECTS = 20; // in a row, as in the fetch standard

// The headers that another origin must not get; `host` is the name of the first one.
const CREDENTIALS = new Set(["authorization", "proxy-authorization", "cookie", "host"]);

/**
 * @typedef {object} Redirect
 * @property {URL} [url] to be followed
 * @property {string} [message] says where the redirect leads and why it is not followed; it has no secrets of the address
 */

/**
 * Reads the redirect of an answer; undefined if it is none.
 * @param {{ statusCode: number, headers: { location?: string } }} answer
 * @param {URL} from the address that was asked
 * @param {number} followed how many redirects led there
 * @returns {Redirect | undefined}
 */
export function redirectOf({ statusCode, headers: { location } }, from, followed) {
  if (location === undefined || !REDIRECTS.has(statusCode)) return undefined;
  const url = resolve(location, from);
  const unfollowed = whyNotFollowed(statusCode, url, from, followed);
  return unfollowed ? { message: `it redirects to ${describe(url)}, ${unfollowed}` } : { url };
}

/**
 * Says where the answer to a websocket's request redirects to; undefined if it does not. No redirect of a websocket is followed.
 * @param {import("node:http").IncomingMessage} answer
 * @param {string} from the address of the websocket
 * @returns {string | undefined}
 */
export function redirectOfWebsocket({ statusCode = 0, headers: { location } }, from) {
  if (location === undefined || !REDIRECTS.has(statusCode)) return undefined;
  const url = resolve(location, new URL(from.replace(/^ws/, "http")));
  return `it redirects to ${describe(url)}, which a websocket does not follow: ${CONNECT_THERE}`;
}

/**
 * Returns the request that follows a redirect. Another origin gets no credentials of the first one: no such headers, no user of
 * the URL, no certificate of the client.
 * @param {import("./fetch.js").Request} request
 * @param {URL} url
 */
export async function redirected(request, url) {
  const { target, headers, routes } = request;
  if (url.origin === target.origin) {
    [url.username, url.password] = [target.username, target.password];
    return { ...request, target: url };
  }
  url.username = url.password = "";
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !CREDENTIALS.has(name)));
  return { ...request, target: url, headers: kept, routes: await routes.elsewhere(url) };
}

const CONNECT_THERE = "connect to that address if it is the server's";

function whyNotFollowed(status, url, from, followed) {
  if (!WITH_SAME_METHOD.has(status)) return `and only redirects with the status 307 or 308 are followed: ${CONNECT_THERE}`;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") return "which is not followed";
  if (from.protocol === "https:" && url.protocol === "http:") return "which is not followed, since it is not encrypted";
  if (followed >= MAX_REDIRECTS) return `which is not followed: ${MAX_REDIRECTS} redirects led there`;
  return undefined;
}

// Node reads headers as Latin-1. A Location beyond ASCII is in UTF-8.
function resolve(location, from) {
  const address = Buffer.from(location, "latin1").toString();
  return URL.canParse(address, from) ? new URL(address, from) : undefined;
}

// For people: without user and password, and without the values of the query.
function describe(url) {
  if (!url) return "an invalid address";
  if (url.protocol !== "http:" && url.protocol !== "https:") return `an address of the kind ${url.protocol}`;
  return shorten(url.origin + url.pathname, 100) + (url.search && "?…");
}
