// Connections that are meddled with on their way, as networks do it and as servers would that break the protocol.

/** A class of websockets of which the newest is at hand. */
export function websocketAtHand() {
  return class AtHand extends globalThis.WebSocket {
    static newest;
    constructor(...parameters) {
      super(...parameters);
      AtHand.newest = this;
    }
  };
}

/** Closes it, as somebody on the way may. */
export const cut = ({ newest }) => newest.close();

/** Has it receive a frame that the server has not sent. */
export const receive = ({ newest }, data) => newest.onmessage({ data });

/** Has it receive nothing any more, nor hear of its end. */
export const silence = ({ newest }) => (newest.onmessage = newest.onclose = () => {});

/** All requests from now on, by a `fetch` in the place of the global one, which `restore` puts back. */
export class Requests {
  failing = 0; // how many of the next ones fail
  garbling = 0; // how many of the next ones with events have a packet in their place that no client may send
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

  /** Those of a session, by its id or by any URL of it. */
  of(session) {
    const [, sid = session] = /[?&]sid=([^&]*)/.exec(session) ?? [];
    return this.#all.filter(({ url }) => url.includes(`sid=${sid}`));
  }

  count(sid) {
    return this.of(sid).length;
  }

  /** The most polls at the same time. */
  mostPolls(sid) {
    return Math.max(...this.of(sid).map(({ polls }) => polls));
  }

  /** Whether each had this header. */
  allHad(sid, name, value) {
    return this.of(sid).every(({ headers }) => headers?.[name] === value);
  }
}

/** The delays up to a limit of the timers that are set from now on. */
export function delaysBelow(limit) {
  const { setTimeout } = globalThis;
  const delays = [];
  globalThis.setTimeout = (callback, delay, ...values) => {
    if (delay > 0 && delay <= limit) delays.push(delay);
    return setTimeout(callback, delay, ...values);
  };
  return delays;
}

/** The errors that nobody caught from now on, as they are told to `reportError`, which `restore` puts back. */
export class Uncaught {
  #all = [];

  constructor() {
    const { reportError } = globalThis;
    globalThis.reportError = (error) => this.#all.push(error);
    this.restore = () => (globalThis.reportError = reportError);
  }

  /** How many came since somebody asked. */
  take() {
    return this.#all.splice(0).length;
  }
}
