// A proxy that records the bytes between a client and a server.
import { once } from "node:events";
import { connect, createServer } from "node:net";

// Returns the first lines and the headers of the HTTP messages whose first line matches.
const headsIn = (text, line) =>
  [...text.matchAll(new RegExp(`${line}\\r\\n((?:[^\\r\\n]+\\r\\n)*)\\r\\n`, "g"))].map(([, first, lines]) => {
    const fields = lines.split("\r\n").filter(Boolean).map((field) => [field.slice(0, field.indexOf(":")).toLowerCase(), field.slice(field.indexOf(":") + 1).trim()]);
    return { line: first, headers: Object.fromEntries(fields) };
  });

/**
 * Starts a proxy that forwards all data at once.
 * @param {import("node:test").TestContext} t
 * @param {number} port of the server
 * @returns {Promise<{ url: string, port: number, requests(): Head[], answers(): Head[], sent(): Buffer, received(): Buffer, connections(): number }>}
 *   the first lines and headers of all requests and answers, `{ line, headers }`, all bytes as the client sent and received them, and the
*   number of connections
 */
export async function tap(t, port) {
  const [sent, received] = [[], []];
  const sockets = new Set();
  let connections = 0;
  const server = createServer((near) => {
    connections += 1;
    const far = connect(port, "127.0.0.1");
    for (const [from, to, bytes] of [[near, far, sent], [far, near, received]]) {
      sockets.add(from);
      from.on("data", (chunk) => bytes.push(chunk));
      from.on("error", () => to.destroy()).on("close", () => to.destroy());
      from.pipe(to);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const text = (chunks) => Buffer.concat(chunks).toString("latin1");
  return {
    port: server.address().port,
    url: `http://127.0.0.1:${server.address().port}`,
    requests: () => headsIn(text(sent), "((?:GET|POST) [^\\r\\n]+ HTTP/1\\.1)"),
    answers: () => headsIn(text(received), "(HTTP/1\\.1 \\d\\d\\d[^\\r\\n]*)"),
    sent: () => Buffer.concat(sent),
    received: () => Buffer.concat(received),
    connections: () => connections,
  };
}
