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

/**
 * A class of websockets without a network, whose server does what its static fields say: `refusals` of the next ones cannot be
 * opened, `isDeaf` says whether CONNECT goes unanswered (or for which namespace alone), `buffered` how many bytes wait in each for a network
 * that is slow: `undefined` if there is no such network. `all` are those that were opened.
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

/** The platform goes offline or online: where it has no such events, as in Node, it gets them. */
export function network(type) {
  if (!globalThis.dispatchEvent) {
    const target = new EventTarget();
    for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"]) globalThis[name] = target[name].bind(target);
  }
  globalThis.dispatchEvent(new Event(type));
}

/** Does to the next POST that carries events what `how` says, and to no other; returns what puts `fetch` back. */
export function meddleWithPost(how) {
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
