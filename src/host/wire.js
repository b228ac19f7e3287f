// What JS strings and byte arrays are asked for while packets are put on the wire.

/** The length of `text` in UTF-8 bytes; a lone surrogate counts as U+FFFD, as it is sent. */
export function utf8Length(text) {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    // A pair of surrogates takes four bytes: two for each of its units.
    if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) {
      at++;
    }
  }
  return bytes;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** As many bytes as `String.fromCharCode` takes as arguments at once on every engine. */
const CHUNK = 0x2000;

/** Padded base64 in the standard alphabet. */
export function toBase64(bytes) {
  if (bytes.toBase64) return bytes.toBase64();
  if (globalThis.Buffer) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary);
}

/** The bytes of `text`, or undefined where it is not base64. */
export function fromBase64(text) {
  if (text.length % 4 !== 0 || !BASE64.test(text)) return undefined;
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  if (globalThis.Buffer) {
    const buffer = Buffer.from(text, "base64");
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
