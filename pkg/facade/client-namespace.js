// A namespace whose handlers are the methods of a class.
import { SocketIOError } from "./errors.js";
import { toError } from "./to-error.js";
import { GROUPS, handledName } from "./names.js";

/** The core's sign that nothing has handled an event. */
const UNHANDLED = Symbol.for("socketio-wasm: unhandled");

/**
 * Makes an instance the handler of its namespace in a client; not a method, because users have no use for it.
 * @type {(instance: ClientNamespace, client: import("./client.js").BaseClient, core: import("./internal.d.ts").Core) => void} the core is the client's
 */
export let attachNamespace;

/** The base class of users' namespaces; types/ documents it. */
export class ClientNamespace {
  #namespace;
  #client;
  #core;

  static {
    attachNamespace = (instance, client, core) => {
      if (!(instance instanceof ClientNamespace)) throw toError("INVALID_NAMESPACE_CLASS", instance);
      instance.#client = client;
      instance.#core = core;
      core.off(GROUPS.CLASS, instance.#namespace);
      core.on(GROUPS.CLASS, instance.#namespace, (...args) => instance.triggerEvent(...args), false);
    };
  }

  constructor(namespace = "/") {
    this.#namespace = handledName(namespace);
  }

  get namespace() {
    return this.#namespace;
  }

  get client() {
    return this.#client;
  }

  triggerEvent(event, ...args) {
    // The members of Object.prototype are not handlers: hence the prefix, and no table of methods.
    const methods = /** @type {any} */ (this);
    const method = methods[`on_${event}`] ?? (event === "disconnectFinal" ? methods.on___disconnect_final : undefined);
    if (typeof method === "function") return method.apply(this, args);
    if (event === "error" && args.at(-1) instanceof SocketIOError) this.#passOn(args.at(-1), args.length > 1 ? args[0] : this.#namespace);
    return UNHANDLED;
  }

  // An error that the client found, and for which there is no method, goes on as if there were no class.
  #passOn(error, namespace) {
    if (namespace === "/") this.#core?.platform.unheard(error);
    else this.#core?.reportError("/", error);
  }

  emit(...args) {
    this.#scope.emit(...args);
    return this;
  }

  send(...args) {
    return this.emit("message", ...args);
  }

  call(...args) {
    return this.#later((scope) => scope.call(...args));
  }

  emitWithAck(...args) {
    return this.call(...args);
  }

  with(options) {
    return this.#scope.with(options);
  }

  of(namespace) {
    return this.#scope.of(namespace);
  }

  timeout(milliseconds) {
    return this.#scope.timeout(milliseconds);
  }

  get volatile() {
    return this.#scope.volatile;
  }

  disconnect() {
    return this.#later(() => this.#client.disconnect());
  }

  get connected() {
    return this.sid !== undefined;
  }

  get sid() {
    return this.#client?.getSid(this.#namespace);
  }

  get #scope() {
    if (!this.#client) throw toError("NOT_REGISTERED", this.#namespace);
    return this.#client.of(this.#namespace);
  }

  // A method that returns a promise rejects instead of throwing.
  async #later(what) {
    return what(this.#scope);
  }
}
