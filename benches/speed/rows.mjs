// The rows: each is a piece of work with its figures and their targets.
import { PAYLOADS } from "./payloads.mjs";

const TRANSPORTS = ["websocket", "polling"];

/** Messages in one tick, by payload: their write has at most some 100 kB. */
const BY_TICK = { "60 B": 100, "4 KB": 20, "1 KiB binary": 50, "1 MiB binary": 1, "10 attachments": 20 };

// The figures, each with its unit, its good direction and its target: a ratio to the peer's figure, or, with `aboveFloor`, the ratio of
// our cost above the floor to the peer's.
const rate = (least = 1, name = "rate") => ({ name, unit: "/s", better: "higher", target: { least } });
const cpu = (most = 1) => ({ name: "cpu", unit: "µs", better: "lower", target: { most } });
const time = (name) => ({ name, unit: "µs", better: "lower", target: { most: 1 } });
const half = (name, unit) => ({ name, unit, better: "lower", target: { most: 0.5 }, aboveFloor: true });
const untold = (name, unit) => ({ name, unit, better: "lower" });

const messages = (work) => ({ module: "./messages.mjs", work });
/** `anew`: each turn needs a fresh page, in which nothing was connected before. */
const connections = (work) => ({ module: "./connections.mjs", work, anew: true });
const idle = connections("idle");
const alone = (work) => ({ module: "./alone.mjs", work, byTick: 100 });

/** Emitting many in a tick over websocket has a target of its own, because they leave in one write. */
const emitFigures = (transport, byTick) => (transport === "websocket" && byTick > 1 ? [rate(3), cpu(0.35)] : [rate(), cpu()]);

function messageRows(transport) {
  const by = (payload) => ({ payload, byTick: BY_TICK[payload], transports: [transport] });
  const called = (atOnce) => ({ payload: "60 B", atOnce, transports: [transport] });
  return [
    ...Object.keys(PAYLOADS).map((payload) => ({ title: `emit ${payload}`, ...messages("emit"), ...by(payload), figures: emitFigures(transport, BY_TICK[payload]) })),
    ...Object.keys(PAYLOADS).map((payload) => ({ title: `receive ${payload}`, ...messages("receive"), ...by(payload), figures: [rate(), cpu()] })),
    { title: "call one at a time", ...messages("call"), ...called(1), figures: [time("p50"), time("p99"), cpu()] },
    { title: "call 100 in flight", ...messages("call"), ...called(100), figures: [rate(), cpu()] },
    { title: "ack 100 in flight", ...messages("answer"), ...called(100), figures: [rate(), cpu()] },
  ];
}

const onlyWebSocket = [
  { title: "emit 60 B 500 in a tick", ...messages("burst"), payload: "60 B", byTick: 500, warmMs: 500, figures: [rate(3, "handed over"), rate(1, "arrived"), cpu(0.35)] },
  { title: "receive 60 B in one piece", ...messages("receive"), payload: "60 B", byTick: 500, inOnePiece: true, figures: [rate(), cpu()] },
].map((row) => ({ ...row, transports: ["websocket"] }));

function connectionRows(transport) {
  const transports = [transport];
  return [
    { title: "an idle client of 1000", ...idle, transports, clients: 1000, atOnce: 50, figures: [half("process", "KiB"), half("heap", "KiB")] },
    {
      title: `${perSecond[transport]} events/s there and back`,
      ...connections("garbage"),
      transports,
      perSecond: perSecond[transport],
      figures: [untold("collections", "/s"), untold("pauses", "ms/s")],
    },
  ];
}
const perSecond = { websocket: 10_000, polling: 2_000 };

const CONNECT = [half("time", "µs"), half("first", "µs"), cpu()];
const connecting = (transports) => ({ ...connections("connect"), transports, warmMs: 400, figures: CONNECT });

const starts = [
  { title: "connect to the first event", ...connecting(["websocket"]) },
  { title: "connect to the first event (default transports)", ...connecting() },
  { title: "import and start", ...connections("start"), figures: [untold("imported", "µs"), untold("time", "µs"), untold("cpu", "µs")] },
];

/** Round-trip times of links, in milliseconds. A client's extra time on them is the number of its own round trips. */
const LINKS = [0, 20, 100];

const onLinks = LINKS.flatMap((linkMs) => [
  ...[["polling"], undefined].map((transports) => ({
    title: `first event over a link of ${linkMs} ms`,
    ...connections("connect"),
    warmMs: 0,
    transports,
    linkMs,
    figures: [time("time")],
  })),
  { title: `call every 20 ms over a link of ${linkMs} ms`, ...connections("paced"), transports: ["polling"], linkMs, figures: [time("p50"), time("slowest")] },
  { title: `call every 20 ms during the upgrade over a link of ${linkMs} ms`, ...connections("paced"), linkMs, figures: [time("p50"), time("slowest")] },
]);

const aloneRows = ["60 B", "1 KiB binary"].flatMap((payload) => [
  { title: `emit ${payload} without network`, ...alone("sending"), payload, figures: [half("cpu", "ns")] },
  { title: `receive ${payload} without network`, ...alone("receiving"), payload, figures: [half("cpu", "ns")] },
]);

/** A title with its transport is a row's name. It has no comma, because commas separate names in ROWS. */
const named = (row) => ({ ...row, title: row.transports ? `${row.title} (${row.transports.join()})` : row.title });

/** The rows of Node, in the order of the table. */
export const ROWS = [...onlyWebSocket, ...TRANSPORTS.flatMap(messageRows), ...starts, ...TRANSPORTS.flatMap(connectionRows), ...onLinks, ...aloneRows].map(named);

// A browser opens at most 255 websockets to a server, one after the other.
const idleInPage = { title: "an idle client of 100", ...idle, transports: ["websocket"], clients: 100, atOnce: 1, figures: [half("heap", "KiB")] };
// The messages of one tick leave in one write only if the socket can be corked, which is so in Node.
const inPage = (row) => (row.work === "emit" ? { ...row, figures: [rate(), cpu()] } : row);

/** The rows of a page. */
export const PAGE_ROWS = [...TRANSPORTS.flatMap(messageRows).map(inPage), ...starts, idleInPage, ...aloneRows].map(named);
