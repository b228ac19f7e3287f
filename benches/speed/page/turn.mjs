// One turn of one party at one row, in a page of its own (phase.mjs defines a host).
import * as parties from "../parties.mjs";
import { BarePolling, BareWebSocket } from "../bare.mjs";

const ENTRIES = { ours: "/ours.js", peer: "/peer.js", floor: "data:text/javascript," };

const channel = new MessageChannel();
const waiting = [];
channel.port1.onmessage = () => waiting.shift()();

const FIRST_WARM_MS = 400; // V8 optimises wasm only when it has run for a while
const NEXT_WARM_MS = 50; // for the page's later turns, when everything is compiled
const host = {
  warmMs: FIRST_WARM_MS,
  measuredMs: 200,
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

const LONGEST = 32_768; // the largest number of arguments of one call
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
    if (WebSocket) globalThis.WebSocket = WebSocket; // its build for browsers reads this when it is loaded
    return parties.peer(await import(ENTRIES.peer));
  },
  floor: async (WebSocket) =>
    parties.floor((transport) => (transport === "polling" ? new BarePolling(request, codec) : new BareWebSocket(WebSocket))),
};

/** Takes a turn. A page may take several, all of one party at one row. @returns {Promise<Record<string, number>>} the figures */
export async function turn(name, row) {
  const { [row.work]: work, FakeWebSocket } = await import(`../${row.module}`);
  if (row.work === "start") return work(undefined, { ...row, party: name }, host);
  const party = await PARTIES[name](FakeWebSocket);
  const opened = [];
  const open = async (...how) => {
    const client = await party.open(...how);
    opened.push(client);
    return client;
  };
  const found = await work({ ...party, open }, row, host);
  if (!row.anew) await Promise.all(opened.map(party.close));
  host.warmMs = NEXT_WARM_MS;
  return found;
}
