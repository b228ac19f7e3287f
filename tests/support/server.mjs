// Starts the servers of tests/servers as processes, each on a free port of the loopback address.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const script = (name) => fileURLToPath(new URL(`../servers/${name}`, import.meta.url));

const python = (environment) => () => {
  const interpreter = process.env[environment];
  if (!interpreter) throw new Error(`${environment} is not set: run \`source scripts/env.sh\` first (after scripts/setup.sh)`);
  return [interpreter, script("python/serve.py")];
};

// Servers run in Node, also if the tests run in Deno or Bun.
const NODE = "Deno" in globalThis || "Bun" in globalThis ? "node" : process.execPath;

const SOCKETIOXIDE = fileURLToPath(new URL("../../target/socketioxide/debug/socketioxide-server", import.meta.url));

/** The command that starts each kind of server. scripts/env.sh sets the python interpreters; the Makefile builds socketioxide. */
const COMMANDS = {
  npm: () => [NODE, script("npm.mjs")],
  engine: () => [NODE, script("engine.mjs")],
  examples: () => [NODE, script("examples.mjs")],
  python: python("PYTHON"),
  "python-4": python("PYTHON_4"),
  "python-hostings": python("PYTHON_HOSTINGS"),
  "python-gevent-websocket": python("PYTHON_GEVENT_WEBSOCKET"),
  socketioxide: () => [SOCKETIOXIDE],
};

/** The kinds of server that most tests run against; tests/interop has the others. */
export const SERVERS = ["npm", "python"];

/**
 * A server that can be killed and started again.
 * @example
 * const server = await startServer(t, "npm", { pingInterval: 300 });
 * await server.kill();
 * await server.start(); // again, on the same port
 */
export class TestServer {
  #kind;
  #options;
  #process;

  constructor(kind, options) {
    this.#kind = kind;
    this.#options = options;
  }

  /** The port, which stays the same when the server is started again. */
  get port() {
    return this.#options.port;
  }

  /** The address for clients. */
  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves when the server listens; rejects with its output if it ends before. */
  async start() {
    const [command, ...parameters] = COMMANDS[this.#kind]();
    // Standard input stays open as long as this process lives, and the server ends with it in any case.
    // The process group of the server contains all processes that it starts, so that kill() ends all of them.
    const server = spawn(command, [...parameters, JSON.stringify(this.#options)], { stdio: "pipe", detached: true });
    this.#process = server;
    let output = "";
    server.stderr.on("data", (text) => (output += text));
    const ended = once(server, "close").then(([code]) => {
      throw new Error(`the ${this.#kind} server ended (status ${code}) before it listened:\n${output}`);
    });
    ended.catch(() => {});
    const [line] = await Promise.race([once(createInterface(server.stdout), "line"), ended]);
    this.#options = { ...this.#options, port: JSON.parse(line).port };
  }

  /** Stops the server's processes, like a machine that hangs: its connections stay open and silent. */
  freeze() {
    process.kill(-this.#process.pid, "SIGSTOP");
  }

  /** Resumes a frozen server. */
  thaw() {
    process.kill(-this.#process.pid, "SIGCONT");
  }

  /** Kills the server, like a crash; resolves when its port is free again. */
  async kill() {
    const server = this.#process;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    process.kill(-server.pid, "SIGKILL");
    await once(server, "exit");
  }
}

/**
 * Starts a server that runs until the test ends.
 * @param {{ after(callback: () => Promise<void>): void }} t the context of the test; for several tests, see shared-server.mjs
 * @param {keyof typeof COMMANDS} kind
 * @param {object} [options] of the server, see tests/servers/npm.mjs and tests/servers/python/serve.py
 */
export async function startServer(t, kind, options = {}) {
  const server = new TestServer(kind, { port: 0, ...options });
  await server.start();
  t.after(() => server.kill());
  return server;
}
