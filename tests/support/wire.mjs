// What goes over the wire, as a client's engineLogger tells it.

/**
 * An `engineLogger` that keeps the packets, in order: `received` and `sent` (a binary as what it is), and both in `all`, each as
 * [received: boolean, packet]; `gets` are the addresses of the polls.
 * @example
 * const wire = listenIn();
 * const client = newClient(t, { engineLogger: wire });
 * // … wire.sent.includes("40")
 */
export function listenIn() {
  const wire = {
    all: [],
    gets: [],
    get received() {
      return wire.all.filter(([received]) => received).map(([, packet]) => packet);
    },
    get sent() {
      return wire.all.filter(([received]) => !received).map(([, packet]) => packet);
    },
    debug(line, value) {
      const what = line.replace("socketio-wasm engine: ", "");
      if (what === "GET") wire.gets.push(value);
      else if (what === "sent" || what === "POST") keep(false, value);
      else if (what === "received" || (what.startsWith("response ") && value.toLowerCase() !== "ok")) keep(true, value);
    },
  };
  const keep = (received, payload) => {
    for (const packet of typeof payload === "string" ? payload.split("\x1e") : [payload]) wire.all.push([received, packet]);
  };
  return wire;
}
