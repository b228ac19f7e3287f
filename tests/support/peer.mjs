// Servers that a script controls, for peers that break the protocol as no real server does.
import { createRequire } from "node:module";
import { listen } from "./listen.mjs";

const { WebSocketServer } = createRequire(new URL("../../pkg/package.json", import.meta.url))("ws");

/** Returns the packet that opens an Engine.IO connection; the given fields replace the usual ones. */
export const open = (fields = {}) =>
  `0${JSON.stringify({ sid: "engine", upgrades: [], pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1_000_000, ...fields })}`;

/** The packet that accepts the namespace "/". */
export const CONNECTED = '40{"sid":"socket"}';

/**
 * Starts a websocket server that opens each connection, accepts "/", and then calls the script.
 * @param {import("node:test").TestContext} t
 * @param {(socket: import("ws").WebSocket, number: number) => void} script gets each connection and its number, from 0 on
 * @param {object} [fields] of the opening packet
 * @returns the HTTP server, with `url`, and in `times` the time of each connection in milliseconds
 */
export async function websocketPeer(t, script, fields) {
  const http = await listen(t, (request, response) => response.writeHead(404).end());
  const times = [];
  new WebSocketServer({ server: http }).on("connection", (socket) => {
    const number = times.push(performance.now()) - 1;
    socket.send(open(fields));
    socket.once("message", () => {
      socket.send(CONNECTED);
      script(socket, number);
    });
  });
  return Object.assign(http, { times });
}

/**
 * Starts a polling server that opens each connection and accepts "/"; the script answers the requests after that.
 * @param {import("node:test").TestContext} t
 * @param {(request: object, response: object, number: number) => void} script `number` counts its requests, from 0 on
 * @param {object} [fields] of the opening packet
 * @returns the HTTP server, with `url`, and in `times` the time of each connection in milliseconds
 */
export async function pollingPeer(t, script, fields) {
  const times = [];
  let number = 0;
  // "opened": before the CONNECT; "asked": the answer to the CONNECT waits for a poll; "connected".
  let state = "connected";
  let waiting;
  const answer = (poll) => {
    state = "connected";
    waiting = undefined;
    poll.end(CONNECTED);
  };
  const http = await listen(t, async (request, response) => {
    if (!request.url.includes("sid=")) {
      times.push(performance.now());
      state = "opened";
      waiting = undefined;
      response.end(open(fields));
    } else if (state === "opened" && request.method === "POST") {
      for await (const _ of request); // the body is the CONNECT
      response.end("ok");
      state = "asked";
      if (waiting) answer(waiting);
    } else if (state === "asked" && request.method === "GET") {
      answer(response);
    } else if (state === "opened") {
      waiting = response;
    } else {
      script(request, response, number++);
    }
  });
  return Object.assign(http, { times });
}

/** Starts a polling server that opens each connection, and never answers for a namespace. */
export function mutePeer(t) {
  return listen(t, (request, response) => {
    if (!request.url.includes("sid=")) response.end(open());
    else if (request.method === "POST") response.end("ok");
  });
}
