// The parties in Node: where they come from.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as parties from "./parties.mjs";

const require = createRequire(new URL("../../tests/package.json", import.meta.url));

const PEER = require.resolve("socket.io-client/package.json");

/** A file of socket.io-client. */
const ofPeer = (path) => pathToFileURL(join(dirname(PEER), path)).href;

/** What is imported by each party. */
export const ENTRIES = {
  ours: new URL("../../pkg/dist/node.mjs", import.meta.url).href,
  old: process.env.OLD_ENTRY, // an older build: two-builds.mjs
  peer: ofPeer(require(PEER).exports["."].import.node), // what `import` gives in Node
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
  async old(WebSocket) {
    return parties.ours(await import(ENTRIES.old), WebSocket && { WebSocket });
  },
  async peer(WebSocket) {
    if (!WebSocket) return parties.peer(await import(ENTRIES.peer));
    globalThis.WebSocket = WebSocket; // which its build for browsers, the one that takes any, takes when it is loaded
    const bundle = await readFile(new URL(ofPeer("dist/socket.io.esm.min.js"))); // by its name Node would not take it for a module
    return parties.peer(await import(`data:text/javascript;base64,${bundle.toString("base64")}`));
  },
  async floor(WebSocket) {
    const { BareWebSocket } = await import("./bare.mjs");
    const { barePolling, BareWs } = await import("./bare-node.mjs");
    if (WebSocket) return parties.floor(() => new BareWebSocket(WebSocket));
    return parties.floor((transport) => (transport === "polling" ? barePolling() : new BareWs()));
  },
};
