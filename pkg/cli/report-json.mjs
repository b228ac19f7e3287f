// Reports events as lines of JSON, for programs.
import { clean } from "./text.mjs";
import { inBase64, inFile, toJson } from "./values.mjs";
import { wordsOf } from "./wording.mjs";

/**
 * @param {(line: string) => void} out
 * @param {(bytes: Uint8Array, event: string) => string} [save] writes binary data into a file, and returns its path
 */
export function jsonReport(out, save) {
  const line = (fields, event) => {
    const binary = (bytes) => (save ? inFile(save(bytes, event)) : inBase64(bytes));
    const named = Object.entries(fields).filter(([, value]) => value !== undefined);
    const written = named.map(([name, value]) => `${JSON.stringify(name)}:${toJson(value, binary)}`);
    out(clean(`{${written.join(",")}}`));
  };
  const errorOf = (error) => ({ code: error.code, message: wordsOf(error) });
  return {
    connected: (namespace, sid, transport) => line({ connect: namespace, sid, transport }),
    refused: (namespace, error) => line({ connect_error: namespace, error: errorOf(error), data: error.data }, "connect_error"),
    disconnected: (namespace, reason, { cause, data }) => line({ disconnect: namespace, reason, cause, data }, "disconnect"),
    event: (namespace, event, args) => line({ event, args, namespace }, event),
    answer: (namespace, event, value, id) => line({ answer: value ?? null, id, call: event, namespace }, event),
    failed: (error, { id, line: number } = {}) => line({ error: errorOf(error), id, line: number }),
  };
}
