// A slow link to a server of this machine: a TCP proxy that delays each direction by half of the round trip.
import { connect, createServer } from "node:net";
import { once } from "node:events";

/**
 * @param {string} url of the server
 * @param {number} roundTripMs
 * @returns {Promise<{ url: string, end(): void }>} the server behind the link
 */
export async function link(url, roundTripMs) {
  const { port, hostname } = new URL(url);
  const sockets = new Set();
  const proxy = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: Number(port), host: hostname, noDelay: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      sockets.add(from);
      // Timers of one delay fire in their order, so that bytes stay in theirs.
      const later = (act) => setTimeout(() => to.destroyed || act(), roundTripMs / 2);
      from.on("data", (bytes) => later(() => to.write(bytes)));
      from.on("end", () => later(() => to.end()));
      from.on("error", () => to.destroy());
      from.on("close", () => sockets.delete(from));
    }
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const end = () => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: `http://127.0.0.1:${proxy.address().port}`, end };
}
