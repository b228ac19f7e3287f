// The client alone: a WebSocket in the same process that is no connection at all. What a party takes above the floor, which is
// JSON.parse and JSON.stringify of the same texts, is the client's own.
import { PAYLOADS } from "./payloads.mjs";
import { deadline, measured } from "./phase.mjs";

const OPENED = '0{"sid":"engine","upgrades":[],"pingInterval":3600000,"pingTimeout":3600000,"maxPayload":100000000}';

/** Says what a server says while a client connects, and counts what is sent from then on. */
export class FakeWebSocket {
  /** The one made last. @type {FakeWebSocket} */
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

/** The texts and bytes of one event, as they cross a WebSocket, and how many they are. */
function framesOf(payload) {
  const attachments = payload instanceof Uint8Array ? [payload] : payload.list;
  if (attachments === undefined) return ["42" + JSON.stringify(["m", payload])];
  const places = attachments.map((_, num) => ({ _placeholder: true, num }));
  const head = `45${places.length}-` + JSON.stringify(["m", places.length === 1 && payload instanceof Uint8Array ? places[0] : { list: places }]);
  return [head, ...attachments.map((bytes) => bytes.slice().buffer)];
}

/** Events that a user emits, many in a tick. */
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

/** Events that come, many in a tick. */
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

/** The CPU time of a message in nanoseconds, where `turn` is the work of one tick. */
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
