// The way that a client's requests take: by which agent, with which TLS options, through which proxy.
import http from "node:http";
import https from "node:https";
import { toError } from "../../facade/to-error.js";
import { isInNoProxy } from "./no-proxy.js";

// The variables of the environment that name a proxy.
const PROXIES = ["http_proxy", "https_proxy", "all_proxy"].flatMap((name) => [name, name.toUpperCase()]);

// Idle connections are closed here before most servers close them (5 s), since a request that meets the server's closing fails.
const KEEP_ALIVE = { keepAlive: true, timeout: 4000 };

/** Options of node:http and of ws, by the URL's protocol. */
const waysBy = (http, https, agent, tls) => ({
  "http:": { agent: http },
  "https:": { agent: https, ...tls },
  "ws:": { agent },
  "wss:": { agent, ...tls },
});

// A server's hint, anywhere in its Keep-Alive header; Node's agents find it at the beginning alone, and in small letters.
const HINT = /(?:^|[,;])\s*timeout\s*=\s*"?(\d+)/i;
const HINT_MARGIN = 1000; // the server has counted since it sent its answer

/** Returns a class of agents that close an idle connection before the server does, if the server has said when that is. */
/** @type {(Agent: any) => any} */
const heedingHints = (Agent) =>
  class extends Agent {
    /** @param {any} socket of an agent: a socket of node:net that knows its request */
    keepSocketAlive(socket) {
      const isKept = super.keepSocketAlive(socket);
      const seconds = HINT.exec(socket._httpMessage?.res?.headers["keep-alive"] ?? "")?.[1];
      if (seconds === undefined) return isKept;
      const idle = Number(seconds) * 1000 - HINT_MARGIN;
      if (idle <= 0) return false;
      if (idle < KEEP_ALIVE.timeout) socket.setTimeout(idle);
      return isKept;
    }
  };

const HttpAgent = heedingHints(http.Agent);
const HttpsAgent = heedingHints(https.Agent);

// The ways of all clients that have neither an agent nor certificates.
const SHARED = waysBy(new HttpAgent(KEEP_ALIVE), new HttpsAgent(KEEP_ALIVE));

// The requests whose tunnel a proxy refused: what answers them is the proxy.
const refused = new WeakSet();

/** @param {import("node:http").ClientRequest} request */
export const isTunnelRefused = (request) => refused.has(request);

/** The routes of one client. */
export class Routes {
  #tls;
  #agent; // the user's
  #wanted; // the option `proxy`
  #direct;
  #ways; // options of node:http and of ws, by the URL's protocol
  #proxy; // that of #ways
  #elsewhere; // the routes to another origin, and which

  /** @param {{ agent?: http.Agent, tls?: object, proxy?: string | URL | false }} [options] `tls` as node:tls has it */
  constructor({ agent, tls, proxy } = {}) {
    if (agent && proxy) throw toError("UNUSABLE_OPTION", "proxy", "an `agent` takes its own way: leave one of the two out");
    this.#tls = tls;
    this.#agent = agent;
    this.#wanted = agent ? false : proxy && checked(proxy, "proxy");
    this.#direct = SHARED;
    if (agent) this.#direct = waysBy(agent, agent, agent, tls);
    // A client with certificates has an agent of its own: others must not use connections made with them.
    else if (tls) this.#direct = waysBy(SHARED["http:"].agent, new HttpsAgent(KEEP_ALIVE), undefined, tls);
    this.#ways = this.#direct;
  }

  /**
   * Chooses the proxy. It is awaited before each attempt to connect: the environment may name another proxy by then, or the server of
   * this attempt may need none.
   * @param {{ polling: string }} endpoints
   */
  async prepare({ polling }) {
    // Only Node's own agents are for one protocol; others find out at each request.
    if (this.#agent && Object.hasOwn(this.#agent, "protocol") && !polling.startsWith(this.#agent.protocol)) {
      throw toError("UNUSABLE_OPTION", "agent", `it is for ${this.#agent.protocol}, the address is for ${new URL(polling).protocol}`);
    }
    const proxy = this.#wanted ?? (await fromEnvironment(polling));
    if ((proxy || undefined) === this.#proxy) return;
    this.#ways = proxy ? await waysThrough(proxy, this.#tls) : this.#direct;
    this.#proxy = proxy || undefined;
  }

  /** Options of a request to a URL of this protocol. */
  by(protocol) {
    return this.#ways[protocol];
  }

  /**
   * The routes to another origin, which a redirect leads to: the same agent or proxy, the same trust, but no certificate of the
   * client.
   * @param {URL} url
   */
  async elsewhere({ origin }) {
    if (this.#elsewhere?.origin !== origin) {
      const { cert, key, pfx, passphrase, ...trust } = this.#tls ?? {};
      const routes = new Routes({ agent: this.#agent, proxy: this.#agent ? undefined : this.#wanted, tls: this.#tls && trust });
      this.#elsewhere = { origin, routes };
    }
    const { routes } = this.#elsewhere;
    await routes.prepare({ polling: origin });
    return routes;
  }

  /** The proxy of all connections, without its password, for messages. */
  get proxy() {
    return this.#proxy && new URL(this.#proxy).origin;
  }
}

function checked(proxy, option) {
  const url = URL.canParse(proxy) ? new URL(proxy) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url.href;
  // Neither the URL nor its scheme is shown: without one, what stands before the first colon may be a user.
  const why = url ? "it begins with neither http:// nor https://: give an agent that knows this kind of proxy as `agent`" : "it is no URL such as http://proxy.example:3128";
  throw toError("UNUSABLE_OPTION", option, why);
}

async function fromEnvironment(url) {
  // By their names: to look at the whole environment takes longer than all else that a client is made of.
  if (!PROXIES.some((name) => mayRead(name) && process.env[name])) return undefined;
  const exceptions = ["no_proxy", "NO_PROXY"].map((name) => mayRead(name) && process.env[name]).find(Boolean);
  if (exceptions && isInNoProxy(new URL(url), exceptions)) return undefined;
  // Names in NO_PROXY have rules of their own. Loaded when the environment names a proxy.
  const { getProxyForUrl } = await import("proxy-from-env");
  const proxy = getProxyForUrl(url);
  if (proxy === "") return undefined;
  // It gives a proxy without a scheme that of the URL; as everywhere else, one speaks HTTP unless it is said.
  const isWhole = Object.values(process.env).includes(proxy);
  return checked(isWhole ? proxy : proxy.replace(/^https:/, "http:"), "proxy (of the environment)");
}

// Deno reads the environment only with a permission; reading would ask the user for it.
function mayRead(variable) {
  const permissions = globalThis.Deno?.permissions;
  return !permissions || permissions.querySync({ name: "env", variable }).state === "granted";
}

async function waysThrough(proxy, tls) {
  // To speak with proxies. Version 7, the last that every Node 20 can require(); loaded when there is a proxy.
  const [{ HttpProxyAgent }, { HttpsProxyAgent }] = await Promise.all([import("http-proxy-agent"), import("https-proxy-agent")]);
  const make = (Agent) => {
    const agent = new (heedingHints(Agent))(proxy, { ...KEEP_ALIVE, ...tls });
    agent.options = { ...agent.options, ...KEEP_ALIVE }; // of which its constructor forgets a part
    return agent;
  };
  const tunnel = make(abortable(HttpsProxyAgent));
  // A plain request is passed on by any proxy, a tunnel to other ports than 443 not by all.
  return {
    "http:": { agent: make(HttpProxyAgent), secureEndpoint: false },
    "https:": { agent: tunnel, secureEndpoint: true, ...tls },
    "ws:": { agent: tunnel, secureEndpoint: false },
    "wss:": { agent: tunnel, secureEndpoint: true, ...tls },
  };
}

// The agent itself keeps the connection to a proxy that does not answer, even after the request was given up.
function abortable(HttpsProxyAgent) {
  return class Tunnel extends HttpsProxyAgent {
    /** @param {{ tunnelSignal?: AbortSignal }} options of the request */
    async connect(request, options) {
      const controller = new AbortController(); // not the request's, since the tunnel will serve others
      const giveUp = () => controller.abort();
      options.tunnelSignal?.addEventListener("abort", giveUp);
      const once = Object.assign(Object.create(this), { connectOpts: { ...this.connectOpts, signal: controller.signal } });
      try {
        const socket = await super.connect.call(once, request, options);
        // It stands for the connection to the server, and has the proxy's answer.
        if (!socket.writable) refused.add(request);
        return socket;
      } finally {
        options.tunnelSignal?.removeEventListener("abort", giveUp);
      }
    }
  };
}
