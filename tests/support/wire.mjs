// The packets of a connection, recorded by a client's engineLogger.

/**
 * Returns an `engineLogger` that records the packets in order: `received` and `sent`, binary ones as bytes, and both in `all`, each as
 * [received: boolean, packet]. `gets` has the addresses of the polls.
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
      const action = line.replace("socketio-wasm engine: ", "");
      if (action === "GET") wire.gets.push(value);
      else if (action === "sent" || action === "POST") record(false, value);
      else if (action === "received" || (action.startsWith("response ") && value.toLowerCase() !== "ok")) record(true, value);
    },
  };
  const record = (received, payload) => {
    for (const packet of typeof payload === "string" ? payload.split("\x1e") : [payload]) wire.all.push([received, packet]);
  };
  return wire;
}
