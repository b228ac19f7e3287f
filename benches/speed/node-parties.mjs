// The parties in Node, and their modules.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as parties from "./parties.mjs";

const require = createRequire(new URL("../../tests/package.json", import.meta.url));

const PEER = require.resolve("socket.io-client/package.json");

/** Returns the URL of a file of socket.io-client. */
const ofPeer = (path) => pathToFileURL(join(dirname(PEER), path)).href;

/** The module that each party imports. */
export const ENTRIES = {
  ours: new URL("../../pkg/dist/node.mjs", import.meta.url).href,
  old: process.env.OLD_ENTRY, // an older build: two-builds.mjs
  peer: ofPeer(require(PEER).exports["."].import.node), // the module that `import` gives in Node
  floor: new URL("../../pkg/node_modules/ws/wrapper.mjs", import.meta.url).href,
};

/**
 * Loads each party, with or without a WebSocket class.
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
    globalThis.WebSocket = WebSocket; // its build for browsers reads this when it is loaded
    const bundle = await readFile(new URL(ofPeer("dist/socket.io.esm.min.js"))); // Node would not load a file of this name as a module
    return parties.peer(await import(`data:text/javascript;base64,${bundle.toString("base64")}`));
  },
  async floor(WebSocket) {
    const { BareWebSocket } = await import("./bare.mjs");
    const { barePolling, BareWs } = await import("./bare-node.mjs");
    if (WebSocket) return parties.floor(() => new BareWebSocket(WebSocket));
    return parties.floor((transport) => (transport === "polling" ? barePolling() : new BareWs()));
  },
};
