// Decodes the body of an HTTP answer by its Content-Encoding header: the list of RFC 9110, as leniently as fetch reads it.
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw } from "node:zlib";

const MAX_CODINGS = 5; // the limit of Node's own fetch; each costs time and memory

const gzip = promisify(gunzip);

const DECODERS = new Map([
  ["gzip", gzip],
  ["x-gzip", gzip],
  ["deflate", inflateAny],
  ["br", promisify(brotliDecompress)],
]);

// The registered codings that cannot be decoded here. Servers use other names (none, utf-8) for bodies that are not encoded.
const UNDECODABLE = new Set(["aes128gcm", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip", "zstd"]);

/**
 * Decodes a body. A coding with an unknown name means, as for fetch, that the body is what it is.
 * @param {Buffer} bytes
 * @param {string | undefined} header the value of Content-Encoding
 * @param {number} limit of the bytes after each coding, so that a hostile server cannot fill the memory
 * @returns {Promise<Buffer>} rejects with an error that names the coding if it cannot be decoded here
 */
export async function decode(bytes, header, limit) {
  if (!header) return bytes;
  const codings = codingsOf(header);
  if (codings.length > MAX_CODINGS) throw new Error(`the server used more than ${MAX_CODINGS} content encodings`);
  const undecodable = codings.find((coding) => UNDECODABLE.has(coding));
  if (undecodable) throw new Error(`the server used a content encoding that was not asked for: ${undecodable}`);
  if (!codings.every((coding) => DECODERS.has(coding))) return bytes;
  let decoded = bytes;
  for (const coding of codings.reverse()) {
    if (decoded.length === 0) break;
    decoded = await /** @type {typeof gzip} */ (DECODERS.get(coding))(decoded, { maxOutputLength: limit });
  }
  return decoded;
}

// In the order in which the server applied them.
function codingsOf(header) {
  const names = header.split(",", 100).map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== "" && name !== "identity");
}

// HTTP's deflate is the format of zlib, but some servers leave its two bytes of header out.
function inflateAny(bytes, options) {
  const hasHeader = (bytes[0] & 0x0f) === 8 && ((bytes[0] << 8) | bytes[1]) % 31 === 0;
  return promisify(hasHeader ? inflate : inflateRaw)(bytes, options);
}
