// The keys of a terminal, one by one.
import { Readable } from "node:stream";

/**
 * An input for node:readline. What is pasted comes in one piece, which readline would put at the line's end, wherever the cursor
 * stands, and without counting the rows that it takes. A tabulator within it is a space: it shall complete nothing.
 */
export class Keys extends Readable {
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
