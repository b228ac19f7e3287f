// One client for one run of the command: carries steps out, and notifies a report of events (report-words.mjs,
// report-json.mjs).
import { Client, errors, reason } from "socketio-wasm";
import { EXIT, exitOf, Interruption, LostError, UnsentError } from "./exit.mjs";

const CONNECT_TIMEOUT_MS = 10_000;
const CALL_TIMEOUT_MS = 60_000;

/** Number of packets that may wait for the server before more are read from a file or a pipe. */
const MOST_KEPT = 100;

/** Number of remembered names of events. */
const MOST_NAMES = 1_000;

export class Session {
  #client;
  #request;
  #report;
  #leaving = false;
  #reason; // of the last disconnection
  #refusals = 0;
  #watchers = new Set();

  /** Number of shown events. */
  shown = 0;

  /** The names of the events to show; "*" stands for all. */
  listen;

  /** The remembered names of received and emitted events. */
  events = new Set();

  /** The exit code so far: that of the first failure. */
  exit = EXIT.DONE;

  /** True after the connection has ended for good. */
  ended = false;

  /**
   * @param {object} request see options.mjs
   * @param {object} report
   * @param {object} options
   * @param {boolean} options.reconnection
   * @param {object} [options.frames] a logger for all that goes over the wire
   */
  constructor(request, report, { reconnection, frames }) {
    const { serializer, timeout, tls } = request;
    this.#client = new Client({
      reconnection,
      serializer,
      requestTimeout: timeout ?? CONNECT_TIMEOUT_MS,
      engineLogger: frames ?? false,
      ...(Object.keys(tls).length > 0 && { tls }),
    });
    this.#request = request;
    this.#report = report;
    this.listen = request.shown;
    this.#handle();
  }

  #handle() {
    const all = this.#client.of("*");
    all.on("*", (event, namespace, ...args) => this.#came(event, namespace, args));
    all.on("connect", (namespace) => {
      const sid = this.#client.getSid(namespace);
      this.#tell("connected", namespace, sid, this.#client.transport());
    });
    all.on("connect_error", (namespace, error) => {
      this.#refusals += 1;
      this.#tell("refused", namespace, error);
    });
    all.on("disconnect", (namespace, why, details) => {
      this.#reason = why;
      this.#tell("disconnected", namespace, why, details);
    });
    all.on("disconnectFinal", () => this.wake());
    // A server may emit an event of this name, too, with whatever values.
    all.on("error", (namespace, ...values) => {
      if (values[0] instanceof errors.SocketIOError) this.failed(values[0]);
      else this.#came("error", namespace, values);
    });
  }

  #came(event, namespace, args) {
    this.#remember(event);
    if (!this.listen.includes("*") && !this.listen.includes(String(event))) return;
    // Events that arrived together with the last counted one.
    if (this.shown >= (this.#request.count ?? Infinity)) return;
    this.shown += 1;
    this.#tell("event", namespace, event, args);
    this.wake();
  }

  // An event that cannot be reported, because a file cannot be written, is a failure of this command, not of the connection.
  #tell(what, ...values) {
    try {
      this.#report[what](...values);
    } catch (error) {
      this.failed(error);
    }
  }

  #remember(event) {
    if (this.events.size < MOST_NAMES) this.events.add(String(event));
  }

  /** Connects. Returns whether all namespaces are connected; a failure was reported. */
  async connect(signal) {
    return this.#attempt(() => this.#connect(signal));
  }

  /** Connects one more namespace. Returns whether it is connected; a failure was reported. */
  async connectNamespace(namespace, options) {
    return this.#attempt(() => this.#client.connectNamespace(namespace, options));
  }

  async #attempt(connecting) {
    const refusals = this.#refusals;
    try {
      await connecting();
      return true;
    } catch (error) {
      this.failed(error, this.#refusals > refusals ? { told: true } : {});
      return false;
    }
  }

  async #connect(signal) {
    const { url, namespaces, auth, headers, path, transports, protocol, retry, timeout } = this.#request;
    const waitTimeout = timeout ?? CONNECT_TIMEOUT_MS;
    await this.#client.connect(url, { namespaces, auth, headers, path, transports, protocol, retry, waitTimeout, signal });
    this.#leaving = this.ended = false;
    this.#client.wait().then(() => {
      this.ended = true;
      // The failure was reported as a disconnection.
      if (!this.#leaving && this.#reason !== reason.CLIENT_DISCONNECT) this.failed(new LostError(), { told: true });
      this.wake();
    });
  }

  /** @throws {SocketIOError} if it cannot be sent */
  emit(namespace, event, args) {
    this.#remember(event);
    this.#client.of(namespace).emit(event, ...args);
  }

  /**
   * Calls, and reports the answer.
   * @param {{ signal: AbortSignal, timeout?: number, id?: unknown }} options `id` identifies the answer
   * @throws the error of the call
   */
  async call(namespace, event, args, { signal, timeout = this.#request.timeout ?? CALL_TIMEOUT_MS, id }) {
    this.#remember(event);
    const answer = await this.#client.with({ namespace, timeout, signal }).call(event, ...args);
    this.#report.answer(namespace, event, answer, id);
  }

  /**
   * Reports an error; the first one decides the exit code.
   * @param {unknown} error
   * @param {{ told?: boolean, id?: unknown, line?: number }} [about] its subject, and whether it was reported before
   */
  failed(error, { told = error instanceof Interruption, ...about } = {}) {
    this.exit ||= exitOf(error);
    if (!told) this.#report.failed(error, about);
  }

  /** Resolves when few enough packets wait. */
  async hasRoom(signal) {
    if (this.#client.bufferedAmount > MOST_KEPT) await this.#client.drain({ signal });
  }

  /** Resolves when a condition holds. It is checked after each shown event, and when the connection has ended. */
  async until(condition) {
    if (condition()) return;
    await new Promise((resolve) => {
      const watcher = () => {
        if (condition() && this.#watchers.delete(watcher)) resolve();
      };
      this.#watchers.add(watcher);
    });
  }

  /** Checks the conditions of `until` again. */
  wake() {
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** Sends waiting packets, and disconnects one namespace. The last one ends the connection. */
  async disconnectNamespace(namespace) {
    await this.#client.disconnectNamespace(namespace);
  }

  /** Sends waiting packets, and ends the connection. */
  async disconnect() {
    this.#leaving = true;
    const { unsent } = await this.#client.disconnect();
    if (unsent > 0) this.failed(new UnsentError(unsent));
  }

  /** The connected namespaces. */
  get namespaces() {
    return [...this.#client.namespaces.keys()];
  }

  /** The values that `status` shows. */
  get status() {
    const { state, engineSid, namespaces, bufferedAmount } = this.#client;
    return { url: this.#request.url, state, transport: this.#client.transport(), engineSid, namespaces, bufferedAmount };
  }
}
