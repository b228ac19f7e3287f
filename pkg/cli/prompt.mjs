// The typed line, and the output above it.
import { clearScreenDown, createInterface, cursorTo, moveCursor } from "node:readline";
import { Readable } from "node:stream";
import { addLine, linesOf, MOST_LINES } from "./history.mjs";

export class Prompt {
  #lines;
  #output;
  #words;
  #drawn = false; // the line is visible, with the cursor in it

  /**
   * @param {object} options
   * @param {import("node:tty").ReadStream} options.input
   * @param {import("node:tty").WriteStream} options.output
   * @param {string | null} options.history a file; null: none
   * @param {() => string} options.words the prompt before the line, read whenever it is drawn
   * @param {(line: string) => [string[], string]} options.completer
   * @param {(line: string) => void} options.onLine a line was typed
   * @param {(line: string) => void} options.onCancel Ctrl-C was, with this unfinished line, which is cleared
   * @param {() => void} options.onEnd Ctrl-D was, or the terminal is gone
   */
  constructor({ input, output, history, words, completer, onLine, onCancel, onEnd }) {
    const [kept, trouble] = history === null ? [[]] : tried(() => linesOf(history), []);
    this.#output = output;
    this.#words = words;
    this.#lines = createInterface({
      input: new Keys(input),
      output,
      completer,
      history: kept,
      historySize: MOST_LINES,
      removeHistoryDuplicates: true,
    });
    this.#lines.on("line", (line) => {
      this.#drawn = false;
      if (history !== null && line.trim() !== "") tried(() => addLine(history, line));
      onLine(line);
    });
    this.#lines.on("SIGINT", () => {
      const { line } = this.#lines;
      this.#clear();
      onCancel(line);
    });
    // The process was in the background: readline must be resumed.
    this.#lines.on("SIGCONT", () => this.show());
    this.#lines.on("close", onEnd);
    if (trouble) this.print(`The history cannot be read: ${trouble.message}`);
  }

  /** Draws the prompt and the typed part of the line. */
  show() {
    if (this.#lines.closed) return;
    this.#drawn = true;
    this.#lines.setPrompt(this.#words());
    this.#lines.prompt(true);
  }

  /** Prints a line above the typed line, which stays whole. */
  print(text) {
    if (this.#lines.closed) return;
    const output = this.#output;
    const { rows } = this.#lines.getCursorPos();
    output.cork();
    moveCursor(output, 0, -rows);
    cursorTo(output, 0);
    clearScreenDown(output);
    // readline draws the line as many rows higher as the cursor was below its first row.
    output.write(`${text}\n${"\n".repeat(rows)}`);
    this.show();
    output.uncork();
  }

  /** Gives the terminal back, with the cursor at the beginning of a line. */
  close() {
    this.#lines.close();
    if (this.#drawn) this.#output.write("\n");
    this.#drawn = false;
  }

  #clear() {
    this.#lines.write(null, { ctrl: true, name: "e" });
    this.#lines.write(null, { ctrl: true, name: "u" });
  }
}

/**
 * An input for node:readline. Pasted text arrives in one piece. readline would put it at the end of the line instead of at the cursor,
 * and would not count its rows. A tabulator within it becomes a space, so that it completes nothing.
 */
class Keys extends Readable {
  #terminal;

  /** @param {import("node:tty").ReadStream} terminal */
  constructor(terminal) {
    super({ objectMode: true, read() {} }); // otherwise waiting keys would be joined again
    this.#terminal = terminal;
    terminal.setEncoding("utf8").on("data", (piece) => {
      for (const key of piece.replace(/\t(?!$)/g, " ")) this.push(key);
    });
    for (const end of ["end", "error"]) terminal.on(end, () => this.push(null)); // an error if the terminal was closed
  }

  /** Called by readline. */
  setRawMode(raw) {
    this.#terminal.setRawMode(raw);
  }
}

/** Returns the result of a function and its error: the prompt works without a history. */
function tried(work, otherwise) {
  try {
    return [work()];
  } catch (error) {
    return [otherwise, error];
  }
}
