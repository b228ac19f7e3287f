// The serializer of one client: a parser that was given, or a named one, which is loaded when it is used.
import { abortable } from "./abort.js";
import { toError } from "./to-error.js";
import { adapterOf, isParser } from "./parser.js";
import { withPlainBytes } from "./plain-bytes.js";

/** Gives the core its parser: at once, or before the first connection if its file must be fetched. */
export class Serializer {
  #name;
  #platform;
  #use;
  #ready = true;
  #loading;
  #waiting; // ends the wait of a connect()

  /**
   * @param {{ setParser(adapter: object): void }} core
   * @param {import("./platform.js").Platform} platform its `serializer(name)` gives the parser of a name: in Node at once, elsewhere a promise of it
   * @param {any} option a name, or a parser
   */
  constructor(core, platform, option) {
    this.#platform = platform;
    this.#name = option;
    if (option === "default") return;
    this.#use = (parser) => {
      // The package's own parsers give Uint8Arrays.
      const received = isParser(option) ? withPlainBytes : (data) => data;
      core.setParser(adapterOf(parser, platform.name === "node", received, platform.hide));
      this.#ready = true;
    };
    const found = isParser(option) ? option : platform.serializer(option);
    if (isParser(found)) return this.#use(found);
    this.#ready = false;
    this.#loading = this.#used(found);
  }

  /** The value of `auth` as the core takes it: as it is for a parser, else its JSON. */
  written(value) {
    return this.#name === "default" ? this.#platform.JSON.stringify(value) : value;
  }

  /** True while a connect() waits for the file. */
  get isAwaited() {
    return this.#waiting !== undefined;
  }

  /**
   * Undefined where the parser is there, so that nothing need be waited for; else a promise of that, with a function that is to be
   * called when the connection begins, and throws if that was given up meanwhile.
   * @param {AbortSignal | undefined} signal
   * @param {number} milliseconds after which it is given up
   */
  ready(signal, milliseconds) {
    return this.#ready ? undefined : this.#await(signal, milliseconds);
  }

  /** Rejects what waits for the parser, with an error that is made where something does. */
  giveUp(makeError) {
    this.#waiting?.abort(makeError());
  }

  async #await(signal, milliseconds) {
    if (this.#waiting) throw toError("ALREADY_CONNECTED");
    const waiting = new AbortController();
    this.#waiting = waiting;
    const late = toError("SERIALIZER_UNAVAILABLE", this.#name, `no answer within ${milliseconds} ms (\`requestTimeout\`)`);
    const timer = this.#platform.setTimeout(() => waiting.abort(late), milliseconds);
    try {
      this.#loading ??= this.#used(this.#platform.serializer(this.#name)); // loads again after a failure
      await abortable(abortable(this.#loading, waiting.signal), signal);
    } catch (error) {
      this.#waiting = undefined;
      throw error;
    } finally {
      this.#platform.clearTimeout(timer);
    }
    return () => {
      this.#waiting = undefined;
      waiting.signal.throwIfAborted();
      signal?.throwIfAborted();
    };
  }

  #used(coming) {
    const loading = coming.then(this.#use).catch((error) => {
      this.#loading = undefined;
      throw toError("SERIALIZER_UNAVAILABLE", this.#name, error);
    });
    loading.catch(() => {}); // connect() reports it
    return loading;
  }
}
