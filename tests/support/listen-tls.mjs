// HTTPS servers in the process of the test, with the certificate that `ca` of certificates.mjs has signed.
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { server as certificate } from "./certificates.mjs";

/**
 * Starts an HTTPS server on a free loopback port, with its address as `url`; it is closed when the test ends.
 * @param {import("node:test").TestContext} t
 * @param {import("node:https").ServerOptions} options besides certificate and key
 * @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void} answer
 */
export async function listenTls(t, options, answer) {
  const server = createServer({ key: readFileSync(certificate.key), cert: readFileSync(certificate.cert), ...options }, answer);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => (server.closeAllConnections(), server.close()));
  return Object.assign(server, { url: `https://127.0.0.1:${server.address().port}` });
}
