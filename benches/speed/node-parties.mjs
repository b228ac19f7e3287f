// The parties in Node: where they come from.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as parties from "./parties.mjs";

const require = createRequire(new URL("../../tests/package.json", import.meta.url));

/** The file that `import ... from` an installed package gives Node. */
function entryOf(name) {
  const manifest = require.resolve(`${name}/package.json`);
  return pathToFileURL(join(dirname(manifest), require(manifest).exports["."].import.node)).href;
}

/** What is imported by each party. */
export const ENTRIES = {
  ours: new URL("../../pkg/dist/node.mjs", import.meta.url).href,
  peer: entryOf("socket.io-client"),
  floor: new URL("../../pkg/node_modules/ws/wrapper.mjs", import.meta.url).href,
};

/**
 * How to load each party, with a WebSocket class of one's own or without.
 * @type {Record<string, (WebSocket?: Function) => Promise<import("./parties.mjs").Party>>}
 */
export const PARTIES = {
  async ours(WebSocket) {
    return parties.ours(await import(ENTRIES.ours), WebSocket && { WebSocket });
  },
  async peer(WebSocket) {
    if (!WebSocket) return parties.peer(await import(ENTRIES.peer));
    globalThis.WebSocket = WebSocket; // which its transport for browsers takes when it is loaded
    const { WebSocket: transport } = await import(entryOf("engine.io-client"));
    return parties.peer(await import(ENTRIES.peer), { transports: [transport] });
  },
  async floor(WebSocket) {
    const { BareWebSocket } = await import("./bare.mjs");
    const { barePolling, BareWs } = await import("./bare-node.mjs");
    if (WebSocket) return parties.floor(() => new BareWebSocket(WebSocket));
    return parties.floor((transport) => (transport === "polling" ? barePolling() : new BareWs()));
  },
};
