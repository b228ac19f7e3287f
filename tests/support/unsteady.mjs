// A network that fails on command: a proxy whose connections can be cut, stalled and refused.
import { once } from "node:events";
import { connect, createServer } from "node:net";

/**
 * Starts a proxy that forwards all data until one of its methods is called.
 * @param {import("node:test").TestContext} t
 * @param {number} port of the server
 */
export async function unsteady(t, port) {
  const pairs = new Set(); // functions that end a pair of sockets
  const requests = [];
  let refusing = false;
  let stalled; // while the network stalls: functions that forward the data that arrived meanwhile
  const server = createServer((near) => {
    near.on("error", () => {});
    if (refusing) return near.resetAndDestroy();
    const far = connect(port, "127.0.0.1").on("error", () => {});
    let request; // the last forwarded request, until its answer begins
    const end = (isCut = false) => {
      pairs.delete(end);
      if (isCut && request) request.isCut = true;
      near.destroy();
      far.destroy();
    };
    pairs.add(end);
    for (const [from, to] of [[near, far], [far, near]]) {
      const pass = (chunk) => {
        if (!to.writable) return;
        to.write(chunk);
        if (from === far) request = undefined;
        else if (request) request.text += chunk.toString("latin1");
        else requests.push((request = { text: chunk.toString("latin1"), isCut: false }));
      };
      // Stalled data is lost if its sender has closed the connection since, because it may have sent the same on another one.
      from.on("data", (chunk) => (stalled ? stalled.push(() => pass(chunk)) : pass(chunk)));
      from.on("end", () => end()).on("close", () => end());
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const network = {
    url: `http://127.0.0.1:${server.address().port}`,
    /** The requests that were forwarded, and whether the connection of each was cut before the first byte of an answer. */
    requests,
    /** Ends all connections, also in the middle of a message. */
    cut() {
      for (const end of pairs) end(true);
    },
    /** Holds back all data in both directions until steady() is called. */
    stall() {
      stalled ??= [];
    },
    /** Refuses new connections until steady() is called. */
    refuse() {
      refusing = true;
    },
    /** Forwards data again, stalled data first. */
    steady() {
      const held = stalled ?? [];
      [refusing, stalled] = [false, undefined];
      for (const pass of held) pass();
    },
  };
  t.after(() => {
    network.cut();
    server.close();
  });
  return network;
}
