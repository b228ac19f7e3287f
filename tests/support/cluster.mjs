// Two python-socketio servers that share a redis-server, behind an haproxy that sends each client to the same server by a cookie.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestServer } from "./server.mjs";
import { until } from "./until.mjs";

/** The names of the nodes: the answer to their event `node`, and the value of the balancer's cookie. */
export const NODES = ["one", "two"];

/**
 * @example
 * const cluster = new Cluster();
 * await cluster.start();
 * await cluster.nodes.one.kill();
 * await cluster.end();
 */
export class Cluster {
  /** The servers, by name. @type {Record<string, TestServer>} */
  nodes = {};
  #folder = mkdtempSync(join(tmpdir(), "socketio-wasm-cluster-"));
  #store = join(this.#folder, "redis.sock");
  #programs = [];

  /** Starts everything and resolves when clients can connect. */
  async start() {
    await this.#run("redis-server", ["--port", "0", "--unixsocket", this.#store, "--save", "", "--dir", this.#folder], () => this.joined());
    const options = { port: 0, redis: `unix://${this.#store}` };
    for (const name of NODES) this.nodes[name] = new TestServer("python", { ...options, name });
    await Promise.all(NODES.map((name) => this.nodes[name].start()));

    this.port = await freePort();
    const configuration = join(this.#folder, "haproxy.cfg");
    writeFileSync(configuration, this.#balancer());
    await this.#run("haproxy", ["-db", "-f", configuration], () => fetch(`${this.url}/hello`));
    await this.whole();
  }

  /** Resolves when the balancer sends clients to all nodes, which takes a moment after they have started. */
  async whole() {
    await until("the balancer to send to all nodes", async () => {
      const answers = await Promise.all(NODES.map(() => fetch(`${this.url}/hello`)));
      return new Set(answers.map(({ headers }) => headers.get("set-cookie"))).size === NODES.length;
    });
  }

  /** The balancer's address, which is that for clients. */
  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves to the number of nodes that receive the others' events; a node does so a moment after its first client has connected. */
  async joined() {
    const socket = connect(this.#store).end("PUBSUB NUMSUB socketio\r\n");
    let answer = "";
    for await (const text of socket.setEncoding("utf8")) answer += text;
    return Number(/:(\d+)/.exec(answer)[1]);
  }

  /** Ends everything. */
  async end() {
    await Promise.all(Object.values(this.nodes).map((node) => node.kill()));
    for (const program of this.#programs) {
      program.stdin.end();
      await once(program, "exit");
    }
    rmSync(this.#folder, { recursive: true });
  }

  // Starts a program that ends with this process in any case, and resolves when it answers.
  async #run(name, parameters, ask) {
    const guarded = ["-c", '"$@" & program=$!; cat >/dev/null; kill -9 $program; wait', "-", name, ...parameters];
    const program = spawn("bash", guarded, { env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } }); // haproxy's folder
    this.#programs.push(program);
    let output = "";
    for (const stream of [program.stdout, program.stderr]) stream.on("data", (text) => (output += text));
    const answers = until(`${name} to answer`, () => ask().then(() => true, () => false));
    await answers.catch((error) => {
      throw new Error(`${error.message}; its output:\n${output}`);
    });
  }

  // `option redispatch` sends a client whose node is down to the other one, with another cookie.
  #balancer() {
    const server = (name) => `server ${name} 127.0.0.1:${this.nodes[name].port} cookie ${name} check inter 100ms fall 1 rise 1`;
    return `
defaults
  mode http
  timeout connect 1s
  timeout client 1m
  timeout server 1m
  option redispatch 1
listen cluster
  bind 127.0.0.1:${this.port}
  balance roundrobin
  cookie NODE insert indirect nocache
  ${NODES.map(server).join("\n  ")}
`;
  }
}

// haproxy does not report its port, so it needs a given one.
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  await once(server.close(), "close");
  return port;
}
