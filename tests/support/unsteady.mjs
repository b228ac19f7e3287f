// A network that fails when it is told to: a port whose connections to a server can be cut, held up and refused.
import { once } from "node:events";
import { connect, createServer } from "node:net";

/**
 * A port that passes everything on to another one, until it is told otherwise.
 * @param {import("node:test").TestContext} t
 * @param {number} port of the server
 */
export async function unsteady(t, port) {
  const pairs = new Set(); // functions that end a pair of sockets
  const requests = [];
  let refusing = false;
  let stalled; // while the network is held up: functions that pass on what came meanwhile
  const server = createServer((near) => {
    near.on("error", () => {});
    if (refusing) return near.resetAndDestroy();
    const far = connect(port, "127.0.0.1").on("error", () => {});
    let request; // passed on, and not yet answered
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
      // What was held up is lost if the one that sent it is gone by then: it may have sent the same by another connection since.
      from.on("data", (chunk) => (stalled ? stalled.push(() => pass(chunk)) : pass(chunk)));
      from.on("end", () => end()).on("close", () => end());
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const network = {
    url: `http://127.0.0.1:${server.address().port}`,
    /** What was passed on to the server, a request each, and whether its connection was cut before the first byte of an answer. */
    requests,
    /** Ends all connections, in the middle of what they carry. */
    cut() {
      for (const end of pairs) end(true);
    },
    /** Holds up all that is on its way, in both directions, until it is steady again. */
    stall() {
      stalled ??= [];
    },
    /** Refuses new connections until it is steady again. */
    refuse() {
      refusing = true;
    },
    /** Passes everything on again, at first what was held up. */
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
