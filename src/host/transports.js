// Websockets and requests. Whatever comes of them goes to one function, `report(id, kind, a, b)`; the kinds are those of
// transports.rs. `platform.trace(what, value)` is there only where the log of the transports is wanted.

const OPENED = 0;
const TEXT = 1;
const BYTES = 2;
const CLOSED = 3;
const REFUSED = 4;
const FAILED = 5;
const RESPONDED = 6;
const REQUEST_FAILED = 7;

const wordsOf = (thrown) => (typeof thrown?.message === "string" && thrown.message !== "" ? thrown.message : undefined);

/** Opens a websocket; `headers` go with it where the platform can send them. */
export function openSocket(platform, id, url, headers, report) {
  const { WebSocket, trace } = platform;
  let socket;
  trace?.("websocket", url);
  try {
    socket = headers && platform.websocketHeaders ? new WebSocket(url, [], { headers }) : new WebSocket(url);
  } catch (error) {
    report(id, FAILED, wordsOf(error));
    return undefined;
  }
  let opened = false;
  let failure;
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    opened = true;
    report(id, OPENED);
  };
  socket.onmessage = ({ data }) => {
    trace?.("received", data);
    if (typeof data === "string") report(id, TEXT, data);
    else report(id, BYTES, data instanceof Uint8Array ? data : new Uint8Array(data));
  };
  socket.onerror = (event) => {
    // Node's websocket tells what the server answered instead of an upgrade; a browser tells nothing.
    failure = event.status ? [REFUSED, event.status, event.body ?? ""] : [FAILED, wordsOf(event)];
  };
  socket.onclose = (event) => {
    if (!failure && opened) failure = [CLOSED, event.code, event.reason ?? ""];
    trace?.("websocket closed", event.code);
    report(id, ...(failure ?? [FAILED]));
  };
  return socket;
}

/** Sends frames, in one write where the socket can hold them together. */
export function sendFrames(platform, socket, frames) {
  const together = frames.length > 1 && socket.cork !== undefined;
  if (together) socket.cork();
  try {
    for (const frame of frames) {
      platform.trace?.("sent", frame);
      socket.send(frame);
    }
  } catch {
    // A socket that is closing may throw; its `close` event says the rest.
  }
  if (together) socket.uncork();
}

const nothing = () => {};

/** Sends what it was given, then closes; nothing more is reported of it. */
export function closeSocket(socket) {
  socket.onopen = socket.onmessage = socket.onclose = nothing;
  // A socket closed before it was open reports an error, which in Node needs a listener.
  socket.onerror = nothing;
  try {
    socket.close();
  } catch {
    // One that never opened has nothing to close.
  }
}

/** Makes a request: a GET, or with a body a POST. Returns what aborts it. */
export function startRequest(platform, id, url, body, headers, credentials, report) {
  const controller = new AbortController();
  const { signal } = controller;
  const init = { method: body === undefined ? "GET" : "POST", body, headers, credentials, cache: "no-store", signal };
  const { trace } = platform;
  trace?.(init.method, body ?? url);
  const exchange = async () => {
    const response = await platform.fetch(url, init);
    const text = await response.text();
    trace?.(`response ${response.status}`, text);
    return () => report(id, RESPONDED, response.status, text);
  };
  const failed = (error) => () => {
    trace?.("request failed", error);
    report(id, REQUEST_FAILED, wordsOf(error));
  };
  exchange()
    .catch(failed)
    .then((tell) => signal.aborted || tell());
  return controller;
}
