// The host of a turn in a Node process (phase.mjs defines a host).
import { subscribe } from "node:diagnostics_channel";
import { PerformanceObserver } from "node:perf_hooks";
import { setImmediate, setTimeout } from "node:timers/promises";
import { ENTRIES } from "./node-parties.mjs";

const sockets = new Set();
subscribe("net.client.socket", ({ socket }) => {
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
});

/** @type {import("./phase.mjs").Host} */
export const host = {
  warmMs: 200,
  measuredMs: 200,
  entries: ENTRIES,
  tick: () => setImmediate(),
  async cpu() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  pause: (ms) => setTimeout(ms),
  /** Returns the sent bytes that the system has not taken yet. */
  unwritten: () => [...sockets].reduce((sum, socket) => sum + socket.writableLength, 0),
  /** Returns the memory after a garbage collection, in bytes: of JavaScript's heap with external memory and wasm, and of the process. */
  async memory() {
    for (let turn = 0; turn < 3; turn++) {
      await setImmediate();
      globalThis.gc();
    }
    const { heapUsed, external, rss } = process.memoryUsage();
    return { heap: heapUsed + external, process: rss };
  },
  /** Counts garbage collections until `end`. */
  collections() {
    const found = { count: 0, ms: 0 };
    const add = (list) => {
      for (const { duration } of list.getEntries()) {
        found.count++;
        found.ms += duration;
      }
    };
    const observer = new PerformanceObserver(add);
    observer.observe({ entryTypes: ["gc"] });
    const end = async () => {
      await setTimeout(0);
      add({ getEntries: () => observer.takeRecords() });
      observer.disconnect();
      return found;
    };
    return { end };
  },
};
