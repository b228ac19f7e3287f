// The line that is typed, and what is printed above it meanwhile.
import { clearScreenDown, createInterface, cursorTo, moveCursor } from "node:readline";
import { Readable } from "node:stream";
import { addLine, linesOf, MOST_LINES } from "./history.mjs";

export class Prompt {
  #lines;
  #output;
  #words;
  #drawn = false; // the line stands there, with the cursor in it

  /**
   * @param {object} options
   * @param {import("node:tty").ReadStream} options.input
   * @param {import("node:tty").WriteStream} options.output
   * @param {string | null} options.history a file; null: none
   * @param {() => string} options.words what stands before the line, asked whenever it is drawn
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
    // Put into the background and back: readline waits to be asked for more.
    this.#lines.on("SIGCONT", () => this.show());
    this.#lines.on("close", onEnd);
    if (trouble) this.print(`What was typed before cannot be read: ${trouble.message}`);
  }

  /** Draws the line, with what is typed already. */
  show() {
    if (this.#lines.closed) return;
    this.#drawn = true;
    this.#lines.setPrompt(this.#words());
    this.#lines.prompt(true);
  }

  /** Prints a line above the one that is typed, which stays whole. */
  print(text) {
    if (this.#lines.closed) return;
    const output = this.#output;
    const { rows } = this.#lines.getCursorPos();
    output.cork();
    moveCursor(output, 0, -rows);
    cursorTo(output, 0);
    clearScreenDown(output);
    // The line is drawn as many rows further up as the cursor was down before.
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
 * An input for node:readline. What is pasted comes in one piece, which readline would put at the line's end, wherever the cursor
 * stands, and without counting the rows that it takes. A tabulator within it is a space: it shall complete nothing.
 */
class Keys extends Readable {
  #terminal;

  /** @param {import("node:tty").ReadStream} terminal */
  constructor(terminal) {
    super({ objectMode: true, read() {} }); // else keys that wait would be joined again
    this.#terminal = terminal;
    terminal.setEncoding("utf8").on("data", (piece) => {
      for (const key of piece.replace(/\t(?!$)/g, " ")) this.push(key);
    });
    for (const end of ["end", "error"]) terminal.on(end, () => this.push(null)); // an error where the terminal was closed
  }

  /** Called by readline. */
  setRawMode(raw) {
    this.#terminal.setRawMode(raw);
  }
}

/** What a function gives, and what it has thrown: a history that cannot be kept is no reason not to talk. */
function tried(work, otherwise) {
  try {
    return [work()];
  } catch (error) {
    return [otherwise, error];
  }
}
