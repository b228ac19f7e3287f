// A link with a latency in each direction, which keeps the order of the data.
import { once } from "node:events";
import { connect, createServer } from "node:net";

/**
 * Starts a proxy that forwards all data later.
 * @param {import("node:test").TestContext} t
 * @param {number} port of the server
 * @param {number} latency in milliseconds, in each direction
 */
export async function slowLink(t, port, latency) {
  const sockets = new Set();
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const [from, to] of [[near, far], [far, near]]) {
      sockets.add(from);
      const later = (pass) => setTimeout(() => to.destroyed || pass(), latency);
      from.on("data", (chunk) => later(() => to.write(chunk)));
      from.on("error", () => {}).on("close", () => {
        sockets.delete(from);
        later(() => to.destroy());
      });
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${server.address().port}` };
}
