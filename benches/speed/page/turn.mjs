// One turn of one party at one row, in a page of its own (phase.mjs says what a host is).
import * as parties from "../parties.mjs";
import { BarePolling, BareWebSocket } from "../bare.mjs";

const ENTRIES = { ours: "/ours.js", peer: "/peer.js", floor: "data:text/javascript," };

const channel = new MessageChannel();
const waiting = [];
channel.port1.onmessage = () => waiting.shift()();

const host = {
  warmMs: 150,
  measuredMs: 250,
  entries: ENTRIES,
  tick: () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      channel.port2.postMessage(null);
    }),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  cpu: () => globalThis.cpuOfThisPage(), // browser.mjs puts these two here
  memory: () => globalThis.memoryOfThisPage(),
};

async function request(method, url, body) {
  const response = await fetch(url, { method, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return text;
}

const LONGEST = 32_768; // of the arguments of one call
const codec = {
  encode(bytes) {
    let text = "";
    for (let start = 0; start < bytes.length; start += LONGEST) text += String.fromCharCode.apply(null, bytes.subarray(start, start + LONGEST));
    return btoa(text);
  },
  decode(text) {
    const characters = atob(text);
    const bytes = new Uint8Array(characters.length);
    for (let index = 0; index < bytes.length; index++) bytes[index] = characters.charCodeAt(index);
    return bytes.buffer;
  },
};

const PARTIES = {
  ours: async (WebSocket) => parties.ours(await import(ENTRIES.ours), WebSocket && { WebSocket }),
  async peer(WebSocket) {
    if (WebSocket) globalThis.WebSocket = WebSocket; // which it takes when it is loaded
    return parties.peer(await import(ENTRIES.peer));
  },
  floor: async (WebSocket) =>
    parties.floor((transport) => (transport === "polling" ? new BarePolling(request, codec) : new BareWebSocket(WebSocket))),
};

/** @returns {Promise<Record<string, number>>} the figures */
export async function turn(name, row) {
  const { [row.work]: work, FakeWebSocket } = await import(`../${row.module}`);
  const party = row.work === "start" ? undefined : await PARTIES[name](FakeWebSocket);
  return work(party, { ...row, party: name }, host);
}
