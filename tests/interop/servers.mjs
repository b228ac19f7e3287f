// The table of servers that the conversation is held with, each over polling, websocket and the upgrade.

/**
 * @typedef {object} Row
 * @property {string} kind of server, see tests/support/server.mjs
 * @property {object} [options] of the server
 * @property {boolean} [always] held with in `make test` too, not only in `make test-interop`
 * @property {boolean} [fallback] advertises a websocket that it does not have: what may upgrade stays on polling
 * @property {string[]} [without] what the server cannot do, of what the checks in conversation.mjs need
 */

/** @type {Record<string, Row>} */
export const SERVERS = {
  "uvicorn": { kind: "python", options: { hosting: "uvicorn" }, always: true },
  "uvicorn --ws wsproto": { kind: "python", options: { hosting: "uvicorn-wsproto" } },
  "aiohttp": { kind: "python", options: { hosting: "aiohttp" }, always: true },
  "werkzeug, threading": { kind: "python", options: { hosting: "werkzeug" }, always: true },
  "hypercorn": { kind: "python-hostings", options: { hosting: "hypercorn" } },
  "daphne": { kind: "python-hostings", options: { hosting: "daphne" } },
  "tornado": { kind: "python-hostings", options: { hosting: "tornado" } },
  "sanic": { kind: "python-hostings", options: { hosting: "sanic" } },
  "gunicorn, uvicorn's worker": { kind: "python-hostings", options: { hosting: "gunicorn-uvicorn" } },
  "gunicorn, gthread": { kind: "python-hostings", options: { hosting: "gunicorn-gthread" } },
  "gunicorn, gevent": { kind: "python-hostings", options: { hosting: "gunicorn-gevent" } },
  "gunicorn, eventlet": { kind: "python-hostings", options: { hosting: "gunicorn-eventlet" } },
  "eventlet": { kind: "python-hostings", options: { hosting: "eventlet" } },
  "gevent with simple-websocket": { kind: "python-hostings", options: { hosting: "gevent" } },
  "gevent with gevent-websocket": { kind: "python-gevent-websocket", options: { hosting: "gevent-websocket" } },
  "plain gevent, gevent-websocket installed": { kind: "python-gevent-websocket", options: { hosting: "gevent" }, fallback: true },
  "uWSGI": { kind: "python-hostings", options: { hosting: "uwsgi" }, fallback: true },
};
