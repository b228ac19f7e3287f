// What is measured: each row is a piece of work and the figures that come of it, with what they must reach.
import { PAYLOADS } from "./payloads.mjs";

const TRANSPORTS = ["websocket", "polling"];

/** How many messages are sent in one tick, by payload: as many as make a write of some 100 kB at most. */
const BY_TICK = { "60 B": 100, "4 KB": 20, "1 KiB binary": 50, "1 MiB binary": 1, "10 attachments": 20 };

// The figures, each with its unit and how it is compared. `better` says which way is good.
const rate = (least = 1) => ({ name: "rate", unit: "/s", better: "higher", target: { least } });
const cpu = (most = 1) => ({ name: "cpu", unit: "µs CPU", better: "lower", target: { most } });
const time = (name, most = 1) => ({ name, unit: "µs", better: "lower", target: { most } });

function messageRows(transport) {
  const common = { transports: [transport] };
  const named = (name) => `${name}, ${transport}`;
  const payloads = Object.keys(PAYLOADS);
  return [
    ...payloads.map((payload) => {
      const many = transport === "websocket" && payload === "60 B";
      return { ...common, group: "emit", work: "emit", title: named(`emit ${payload}`), payload, byTick: BY_TICK[payload], figures: [rate(many ? 3 : 1), cpu(many ? 0.35 : 1)] };
    }),
    ...payloads.map((payload) => ({ ...common, group: "receive", work: "receive", title: named(`receive ${payload}`), payload, byTick: BY_TICK[payload], figures: [rate(), cpu()] })),
    { ...common, group: "call", work: "call", title: named("call, one at a time"), payload: "60 B", atOnce: 1, figures: [time("p50"), time("p99"), cpu()] },
    { ...common, group: "call", work: "call", title: named("call, 100 in flight"), payload: "60 B", atOnce: 100, figures: [rate(), cpu()] },
    { ...common, group: "answer", work: "answer", title: named("acks to the server, 100 in flight"), payload: "60 B", atOnce: 100, figures: [rate(), cpu()] },
  ];
}

/** The rows of Node, in the order of the table. */
export const ROWS = TRANSPORTS.flatMap(messageRows);
