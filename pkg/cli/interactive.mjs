// The command with a prompt: it carries out typed lines, and prints events above the line.
import { completer } from "./completion.mjs";
import { commandOf } from "./commands.mjs";
import { EXIT, Interruption } from "./exit.mjs";
import { usualHistory } from "./history.mjs";
import { Prompt } from "./prompt.mjs";

/** One run of the prompt, from the first connection on. */
export class Conversation {
  #prompt;
  #paint;
  #usual; // the namespace at first
  #waits = new AbortController();
  #running = 0; // commands that are not done
  #warned = false; // another Ctrl-C leaves
  #leave;

  /** The namespace that commands emit to. */
  namespace;

  constructor(session, request, trace, { input, output, paint }) {
    this.session = session;
    this.trace = trace;
    this.namespace = this.#usual = request.namespaces[0];
    this.#paint = paint;
    this.left = new Promise((resolve) => (this.#leave = resolve));
    this.#prompt = new Prompt({
      input,
      output,
      history: request.history === undefined ? usualHistory() : request.history,
      words: () => `${this.namespace}${session.namespaces.includes(this.namespace) ? "" : " (not connected)"}> `,
      completer: completer(session),
      onLine: (line) => this.#run(line),
      onCancel: (line) => this.#cancel(line),
      onEnd: () => this.leave(),
    });
    this.#prompt.show();
  }

  /** Prints above the typed line. */
  print = (text) => this.#prompt.print(text);

  /** The signal that ends a waiting command. */
  get signal() {
    return this.#waits.signal;
  }

  /** Chooses the namespace of later commands. */
  async choose(name, auth) {
    const { namespaces } = this.session;
    if (namespaces.includes(name) || (await this.session.connectNamespace(name, { auth, signal: this.signal }))) this.namespace = name;
  }

  /** Connects as at first, after a disconnection. */
  async connect() {
    this.namespace = this.#usual;
    await this.session.connect(this.signal);
  }

  /** Ends the conversation with an exit code, to which `left` resolves, and gives the terminal back. */
  leave(exit = EXIT.DONE) {
    this.#leave(exit);
    this.#waits.abort(new Interruption(exit));
    this.#prompt.close();
  }

  async #run(line) {
    this.#warned = false;
    this.#running += 1;
    try {
      const done = commandOf(line)?.(this);
      this.#prompt.show();
      await done;
    } catch (error) {
      this.session.failed(error);
    } finally {
      this.#running -= 1;
    }
    this.#prompt.show();
  }

  #cancel(line) {
    if (line !== "") return this.#prompt.show();
    if (this.#running > 0) {
      this.#waits.abort(new Interruption(EXIT.SIGINT));
      this.#waits = new AbortController();
      return this.print(this.#paint("dim", "stopped waiting"));
    }
    if (this.#warned) return this.leave(EXIT.SIGINT);
    this.#warned = true;
    return this.print(this.#paint("dim", "Ctrl-C once more leaves, as do quit and Ctrl-D"));
  }
}
