// For until.rs: timers and clock, the platform's own even if a test has replaced the global functions. For tamper.rs: connections that
// are disturbed on their way, as networks do it and as servers do that break the protocol.
//
// They are one file because a test binary has four snippets at most: docs/two-trips.md says why.

const own = { performance: globalThis.performance, setTimeout: globalThis.setTimeout };

/** Lets other tasks run. */
export const pause = () => new Promise((resolve) => own.setTimeout.call(globalThis, resolve, 5));

/** Milliseconds of a clock that is never set. */
export const now = () => own.performance.now();

/** A class of websockets that remembers its newest instance. */
export function recordingWebSocket() {
  return class Recording extends globalThis.WebSocket {
    static newest;
    constructor(...parameters) {
      super(...parameters);
      Recording.newest = this;
    }
  };
}

/** Closes the newest websocket, as a proxy may. */
export const cut = ({ newest }) => newest.close();

/** Delivers a frame that the server has not sent. */
export const receive = ({ newest }, data) => newest.onmessage({ data });

/** Delivers no further frame, and no close event. */
export const silence = ({ newest }) => (newest.onmessage = newest.onclose = () => {});

/** Records all requests from now on, by a `fetch` in place of the global one, which `restore` puts back. */
export class Requests {
  failing = 0; // the number of next requests that fail
  garbling = 0; // the number of next requests with events that carry instead a packet no client may send
  #all = [];

  constructor() {
    const { fetch } = globalThis;
    globalThis.fetch = async (url, init) => {
      if (this.failing > 0) {
        this.failing -= 1;
        throw new TypeError("the network is down");
      }
      if (this.garbling > 0 && init.body?.startsWith("42")) {
        this.garbling -= 1;
        return fetch(url, { ...init, body: "2" });
      }
      const request = { url, headers: init.headers, isPoll: init.method === "GET", isOpen: true };
      const others = this.of(url).filter(({ isPoll, isOpen }) => isPoll && isOpen);
      request.polls = others.length + Number(request.isPoll);
      this.#all.push(request);
      try {
        return await fetch(url, init);
      } finally {
        request.isOpen = false;
      }
    };
    this.restore = () => (globalThis.fetch = fetch);
  }

  /** The requests of a session, by its id or by any URL of it. */
  of(session) {
    const [, sid = session] = /[?&]sid=([^&]*)/.exec(session) ?? [];
    return this.#all.filter(({ url }) => url.includes(`sid=${sid}`));
  }

  count(sid) {
    return this.of(sid).length;
  }

  /** The highest number of simultaneous polls. */
  mostPolls(sid) {
    return Math.max(...this.of(sid).map(({ polls }) => polls));
  }

  /** True if each request had this header. */
  allHad(sid, name, value) {
    return this.of(sid).every(({ headers }) => headers?.[name] === value);
  }
}

/** Records the delays, up to a limit, of the timers that are set from now on. */
export function delaysBelow(limit) {
  const { setTimeout } = globalThis;
  const delays = [];
  globalThis.setTimeout = (callback, delay, ...values) => {
    if (delay > 0 && delay <= limit) delays.push(delay);
    return setTimeout(callback, delay, ...values);
  };
  return delays;
}

/** Records the errors that reach `reportError` uncaught from now on; `restore` puts the original back. */
export class Uncaught {
  #all = [];

  constructor() {
    const { reportError } = globalThis;
    globalThis.reportError = (error) => this.#all.push(error);
    this.restore = () => (globalThis.reportError = reportError);
  }

  /** Number of errors since the last call. */
  take() {
    return this.#all.splice(0).length;
  }
}

/**
 * A class of websockets without a network. Its static fields say what the server does: the next `refusals` websockets cannot be opened;
 * `isDeaf` is true if CONNECT goes unanswered, or names the only namespace whose CONNECT does; `buffered` is the number of bytes that wait
 * in each websocket for a slow network, `undefined` for a fast one. `all` lists the websockets that were opened.
 */
export function scriptedWebSocket(handshake = {}) {
  return class Scripted {
    static all = [];
    static refusals = 0;
    static isDeaf = false;
    static buffered = undefined;
    static handshake = handshake;
    sent = [];

    constructor() {
      const opening = { sid: "engine", upgrades: [], pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1_000_000, ...Scripted.handshake };
      if (Scripted.refusals > 0) {
        Scripted.refusals -= 1;
        setTimeout(() => this.onclose({ code: 1006 }));
        return;
      }
      Scripted.all.push(this);
      setTimeout(() => {
        this.onopen({});
        this.onmessage({ data: `0${JSON.stringify(opening)}` });
      });
    }

    get bufferedAmount() {
      return Scripted.buffered ?? 0;
    }

    send(data) {
      this.sent.push(data);
      if (Scripted.buffered !== undefined) Scripted.buffered += data.length;
      const [, name] = /^40(\/[^,]*,)?/.exec(data) ?? [];
      if (!data.startsWith?.("40") || Scripted.isDeaf === true || `${Scripted.isDeaf},` === name) return;
      setTimeout(() => this.onmessage({ data: `40${name ?? ""}{"sid":"socket"}` }));
    }

    close() {}
  };
}

/** Changes what the server of such a class does. */
export const script = (class_, changes) => void Object.assign(class_, changes);

/** Loses the newest of such websockets. */
export const lose = ({ all }) => all.at(-1).onclose({ code: 1006 });

/** The events that such websockets have sent, as JSON. */
export const eventsSent = ({ all }) => all.flatMap(({ sent }) => sent.filter((frame) => /^42/.test(frame)).map((frame) => frame.slice(2)));

/** Dispatches `offline` or `online`. Installs the functions for such events on a platform that has none (Node). */
export function network(type) {
  if (!globalThis.dispatchEvent) {
    const target = new EventTarget();
    for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"]) globalThis[name] = target[name].bind(target);
  }
  globalThis.dispatchEvent(new Event(type));
}

/** Counts the POSTs whose outcome the client does not know yet. `restore` puts `fetch` back. */
export class PendingPosts {
  count = 0;

  constructor() {
    const { fetch } = globalThis;
    // A timer runs after the client has handled the outcome, which it receives by promises.
    const end = () => setTimeout(() => (this.count -= 1));
    globalThis.fetch = async (url, init) => {
      if (init?.method !== "POST") return fetch(url, init);
      this.count += 1;
      try {
        const response = await fetch(url, init);
        const text = await response.text();
        return Object.defineProperty(response, "text", { value: async () => (end(), text) });
      } catch (error) {
        end();
        throw error;
      }
    };
    this.restore = () => (globalThis.fetch = fetch);
  }
}

/** Does what `how` says to the next POST that carries events, and to no other. Returns a function that puts `fetch` back. */
export function tamperWithPost(how) {
  const { fetch } = globalThis;
  let isOver = false;
  globalThis.fetch = async (url, init) => {
    if (isOver || !init.body?.startsWith("42")) return fetch(url, init);
    isOver = true;
    if (how === "session unknown") return new Response('{"code":1,"message":"Session ID unknown"}', { status: 400 });
    throw Object.assign(new TypeError("the network is down"), { unsent: how === "unsent" });
  };
  return () => (globalThis.fetch = fetch);
}
