// Measures the client alone, with a fake WebSocket in the same process. The floor is JSON.parse and JSON.stringify of the same strings; the
// rest of a party's time is the client's own.
import { PAYLOADS } from "./payloads.mjs";
import { deadline, measured } from "./phase.mjs";

const OPENED = '0{"sid":"engine","upgrades":[],"pingInterval":3600000,"pingTimeout":3600000,"maxPayload":100000000}';

/** Answers as a server while a client connects, then counts the sent frames. */
export class FakeWebSocket {
  /** The last instance. @type {FakeWebSocket} */
  static last;

  readyState = 0;
  bufferedAmount = 0;
  binaryType = "arraybuffer";
  sent = 0;
  onopen = null;
  onmessage = null;
  onerror = null;
  onclose = null;

  constructor() {
    FakeWebSocket.last = this;
    setTimeout(() => {
      this.readyState = 1;
      this.onopen?.({ type: "open" });
      this.receive(OPENED);
    });
  }

  send(data) {
    this.sent++;
    if (data === "40") setTimeout(() => this.receive('40{"sid":"socket"}'));
  }

  receive(data) {
    this.onmessage({ type: "message", data });
  }

  close() {
    this.readyState = 3;
    this.onclose?.({ type: "close", code: 1000, reason: "", wasClean: true });
  }
}

/** Returns the frames of one event, as they cross a WebSocket. */
function framesOf(payload) {
  const attachments = payload instanceof Uint8Array ? [payload] : payload.list;
  if (attachments === undefined) return ["42" + JSON.stringify(["m", payload])];
  const places = attachments.map((_, num) => ({ _placeholder: true, num }));
  const head = `45${places.length}-` + JSON.stringify(["m", places.length === 1 && payload instanceof Uint8Array ? places[0] : { list: places }]);
  return [head, ...attachments.map((bytes) => bytes.slice().buffer)];
}

/** Measures emitted events, many in a tick. */
export async function sending(party, row, host) {
  const client = await party.open("http://127.0.0.1", ["websocket"]);
  const socket = FakeWebSocket.last;
  const payload = PAYLOADS[row.payload];
  const frames = framesOf(payload).length;
  let emitted = 0;
  const before = socket.sent;
  return own(host, row, async () => {
    for (let message = 0; message < row.byTick; message++) client.emit("m", payload);
    emitted += row.byTick;
    do await host.tick();
    while (socket.sent - before < emitted * frames);
  });
}

/** Measures received events, many in a tick. */
export async function receiving(party, row, host) {
  const client = await party.open("http://127.0.0.1", ["websocket"]);
  const socket = FakeWebSocket.last;
  const frames = framesOf(PAYLOADS[row.payload]);
  let came = 0;
  let expected = 0;
  client.on("m", () => void came++);
  return own(host, row, async () => {
    for (let message = 0; message < row.byTick; message++) for (const frame of frames) socket.receive(frame);
    expected += row.byTick;
    do await host.tick();
    while (came < expected);
  });
}

/** Returns the CPU time of a message in nanoseconds; `turn` is the work of one tick. */
async function own(host, row, turn) {
  const { cpu } = await measured(host, row, async (ms) => {
    const over = deadline(ms);
    let messages = 0;
    do {
      await turn();
      messages += row.byTick;
    } while (!over());
    return messages;
  });
  return { cpu: cpu * 1000 };
}
