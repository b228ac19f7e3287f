// The servers of the conversation. It runs with each over polling, over websocket and with the upgrade.

/**
 * @typedef {object} Row
 * @property {string} kind of server, see tests/support/server.mjs
 * @property {object} [options] of the server
 * @property {object} [client] options of the clients
 * @property {object} [connect] options of connect() that the server needs
 * @property {boolean} [always] true if `make test` includes it, not only `make test-interop`
 * @property {Record<string, string>} [reached] the final transport for each way to connect; a missing way is refused.
 *   Without `reached` all ways work, and the upgrade takes place
 * @property {boolean} [old] true for Socket.IO 1.x and 2.x, which have further tests in old-servers.test.mjs
 * @property {string[]} [unasked] needs of checks that are left out because other rows include them
 * @property {string[]} [without] needs of checks in conversation.mjs that the server cannot meet
 */

// These servers advertise a websocket that they do not have: the connection stays on polling.
const POLLING_ONLY = { polling: "polling", upgrade: "polling" };

/** The properties of servers of Socket.IO 1.x and 2.x, which speak Engine.IO 3. */
const OLD = { old: true, without: ["auth"] };
/** python-socketio 4 reads an empty binary as nothing, and does not give the application the reason of a disconnect. */
const OLD_PYTHON = { old: true, without: ["auth", "empty binaries", "last words"] };

/** @type {Record<string, Row>} */
export const SERVERS = {
  "uvicorn": { kind: "python", options: { hosting: "uvicorn" }, always: true }, // its default is --ws websockets-sansio
  "uvicorn --ws websockets": { kind: "python", options: { hosting: "uvicorn-websockets" } },
  "uvicorn --ws wsproto": { kind: "python", options: { hosting: "uvicorn-wsproto" } },
  "aiohttp": { kind: "python", options: { hosting: "aiohttp" }, always: true },
  "werkzeug, threading": { kind: "python", options: { hosting: "werkzeug" }, always: true },
  "hypercorn": { kind: "python-hostings", options: { hosting: "hypercorn" } },
  "daphne": { kind: "python-hostings", options: { hosting: "daphne" }, without: ["empty binaries"] }, // it drops empty websocket frames
  "tornado": { kind: "python-hostings", options: { hosting: "tornado" } },
  "sanic": { kind: "python-hostings", options: { hosting: "sanic" }, without: ["last words"] }, // a close discards the frame before it
  "gunicorn, uvicorn's worker": { kind: "python-hostings", options: { hosting: "gunicorn-uvicorn" } },
  "gunicorn, gthread": { kind: "python-hostings", options: { hosting: "gunicorn-gthread" } },
  "gunicorn, gevent": { kind: "python-hostings", options: { hosting: "gunicorn-gevent" } },
  "gunicorn, eventlet": { kind: "python-hostings", options: { hosting: "gunicorn-eventlet" } },
  "eventlet": { kind: "python-hostings", options: { hosting: "eventlet" } },
  "gevent with simple-websocket": { kind: "python-hostings", options: { hosting: "gevent" } },
  "gevent with gevent-websocket": { kind: "python-gevent-websocket", options: { hosting: "gevent-websocket" } },
  "plain gevent, gevent-websocket installed": { kind: "python-gevent-websocket", options: { hosting: "gevent" }, reached: POLLING_ONLY },
  "uWSGI": { kind: "python-hostings", options: { hosting: "uwsgi" }, reached: POLLING_ONLY },
  "npm 1.7": { kind: "npm", options: { library: "socket.io-1" }, ...OLD },
  "npm 2.5": { kind: "npm", options: { library: "socket.io-2" }, ...OLD, always: true },
  "python-socketio 4.6": { kind: "python-4", options: { hosting: "eventlet" }, ...OLD_PYTHON },
  "npm 3.1": { kind: "npm", options: { library: "socket.io-3" } },
  "npm 4.8": { kind: "npm", always: true },
  "socketioxide": { kind: "socketioxide", without: ["escapes in keys", "ids of namespaces"] }, // it drops the event; one id for all
};
