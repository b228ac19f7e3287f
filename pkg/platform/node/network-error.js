import { shorten } from "../../facade/format-value.js";

const UNTRUSTED = "the server's certificate is not trusted";
const WANTS_CERTIFICATE = ["the server wants a certificate of this client", "give `tls.cert` and `tls.key`, or `tls.pfx`"];
const AUTHORITY = "give the certificate of its authority as `tls.ca`";

// By the error's code: an explanation, and advice that Node's message lacks.
const ADVICE = {
  DEPTH_ZERO_SELF_SIGNED_CERT: [UNTRUSTED, "give it as `tls.ca` if it is the right one"],
  SELF_SIGNED_CERT_IN_CHAIN: [UNTRUSTED, AUTHORITY],
  UNABLE_TO_GET_ISSUER_CERT: [UNTRUSTED, AUTHORITY],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [UNTRUSTED, AUTHORITY],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [UNTRUSTED, AUTHORITY],
  CERT_HAS_EXPIRED: ["the server's certificate is no longer valid"],
  CERT_NOT_YET_VALID: ["the server's certificate is not valid yet"],
  ERR_TLS_CERT_ALTNAME_INVALID: ["the server's certificate is for another host"],
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: WANTS_CERTIFICATE,
  ERR_SSL_TLSV1_ALERT_CERTIFICATE_REQUIRED: WANTS_CERTIFICATE, // as Bun calls it
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: ["the server refuses the TLS handshake", "it may want a certificate of this client: `tls.cert` and `tls.key`, or `tls.pfx`"],
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: ["the server does not trust this client's certificate"],
  // With TLS 1.3 a server may refuse after what was a complete handshake for the client.
  SILENT_SERVER: ["the server ended the connection after the TLS handshake", "it may want a certificate of this client (`tls.cert` and `tls.key`), or not trust it"],
  ERR_SSL_WRONG_VERSION_NUMBER: ["the server does not speak TLS at this port", "its address may begin with http:// or ws://"],
};

/**
 * Returns the message for a network error of Node, with advice if there is any. The error of a name with several addresses has no message
 * of its own; its parts have.
 * @param {Error & { code?: string, errors?: Error[] }} error
 * @param {object} [about]
 * @param {string} [about.proxy] the proxy of the connection
 * @param {boolean} [about.silentServer] true if the server sent nothing on a new TLS connection
 * @returns {string}
 */
export function networkErrorMessage(error, { proxy, silentServer } = {}) {
  const own = error.message || error.errors?.map((part) => part.message).join("; ") || error.code || String(error);
  let { code } = error;
  if (code === "ECONNRESET" && silentServer && !own.includes("before secure TLS")) code = "SILENT_SERVER";
  // Only OpenSSL's message contains the name of this error.
  if (own.includes(":wrong version number:")) code = "ERR_SSL_WRONG_VERSION_NUMBER";
  const [what, advice] = ADVICE[code] ?? [];
  // It may quote the server, such as a certificate with a hundred names.
  const short = shorten(own.trim(), 200);
  const message = what ? `${what} (${short})` : short;
  return [message, ...(proxy ? [` (through the proxy ${proxy})`] : []), ...(advice ? [`: ${advice}`] : [])].join("");
}
