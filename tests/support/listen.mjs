// HTTP servers in the process of the test, for peers that misbehave as no real server does.
import { once } from "node:events";
import { createServer } from "node:http";

/**
 * Starts an HTTP server on a free loopback port, with its address as `url`. `end()` closes it with all its connections, and so does
 * the end of the test.
 * @param {import("node:test").TestContext} t
 * @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void} answer
 */
export async function listen(t, answer) {
  const server = createServer(answer);
  const sockets = new Set(); // closeAllConnections() would leave out those that became websockets
  server.on("connection", (socket) => sockets.add(socket.once("close", () => sockets.delete(socket))));
  const end = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(end);
  return Object.assign(server, { url: `http://127.0.0.1:${server.address().port}`, end });
}

/** Resolves to an address at which no server listens. */
export async function unusedAddress(t) {
  const server = await listen(t, () => {});
  await server.end();
  return server.url;
}

/** Resolves to the body of a request, as a string. */
export async function bodyOf(request) {
  return Buffer.concat(await request.toArray()).toString();
}
