// Writes received binary data into files. Their names are made here, so that no data of a server can choose a folder.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "./exit.mjs";

const LONGEST_NAME = 60;

/**
 * Returns a function that writes bytes into a new file of a folder, named after an event, and returns its path.
 * @throws {UsageError} if there cannot be such a folder
 */
export function saverIn(folder) {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`--save ${folder}: there cannot be such a folder: ${error.message}`);
  }
  let number = 0;
  return (bytes, event) => {
    const name = String(event).replace(/[^\p{L}\p{N}_-]+/gu, "_").slice(0, LONGEST_NAME) || "_";
    for (;;) {
      number += 1;
      const path = join(folder, `${name}-${number}.bin`);
      try {
        writeFileSync(path, bytes, { flag: "wx" });
        return path;
      } catch (error) {
        if (error.code !== "EEXIST") throw error; // otherwise it belongs to another run, and stays
      }
    }
  };
}
