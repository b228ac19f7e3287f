// Starts the servers of tests/servers as processes of their own, each on a free port of the loopback address.
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

// Also where the tests themselves run in Deno or Bun.
const NODE = "Deno" in globalThis || "Bun" in globalThis ? "node" : process.execPath;

const SOCKETIOXIDE = fileURLToPath(new URL("../../target/socketioxide/debug/socketioxide-server", import.meta.url));

/** How each kind of server is started; the python interpreters are those of scripts/env.sh, socketioxide is built by the Makefile. */
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

/** The kinds of server that most tables of tests are about; the others are in tests/interop. */
export const SERVERS = ["npm", "python"];

/**
 * A server that can be ended and started again.
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

  /** The port, kept when the server is started again. */
  get port() {
    return this.#options.port;
  }

  /** The address for clients. */
  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolved when the server listens; rejected with what it said if it ends before. */
  async start() {
    const [command, ...parameters] = COMMANDS[this.#kind]();
    // Standard input stays open as long as this process lives: the server ends with it, whatever happens to the tests.
    // In a process group of its own, to be ended with all the processes it started.
    const server = spawn(command, [...parameters, JSON.stringify(this.#options)], { stdio: "pipe", detached: true });
    this.#process = server;
    let said = "";
    server.stderr.on("data", (text) => (said += text));
    const ended = once(server, "close").then(([code]) => {
      throw new Error(`the ${this.#kind} server ended (status ${code}) before it listened:\n${said}`);
    });
    ended.catch(() => {});
    const [line] = await Promise.race([once(createInterface(server.stdout), "line"), ended]);
    this.#options = { ...this.#options, port: JSON.parse(line).port };
  }

  /** Stops the server in the middle of what it does, as a machine that hangs: its connections stay open, and silent. */
  freeze() {
    process.kill(-this.#process.pid, "SIGSTOP");
  }

  /** Lets a frozen server go on. */
  thaw() {
    process.kill(-this.#process.pid, "SIGCONT");
  }

  /** Ends the server at once, as a crash would; resolved when its port is free again. */
  async kill() {
    const server = this.#process;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    process.kill(-server.pid, "SIGKILL");
    await once(server, "exit");
  }
}

/**
 * A server of a kind, listening, until the test ends.
 * @param {{ after(callback: () => Promise<void>): void }} t the test's context, or node:test itself for a whole file
 * @param {keyof typeof COMMANDS} kind
 * @param {object} [options] of the server, see tests/servers/npm.mjs and tests/servers/python/serve.py
 */
export async function startServer(t, kind, options = {}) {
  const server = new TestServer(kind, { port: 0, ...options });
  await server.start();
  t.after(() => server.kill());
  return server;
}
