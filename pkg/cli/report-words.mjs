// Reports events as sentences, for people, and for scripts that need the answer alone.
import { clean, counted, quoted, shortened } from "./text.mjs";
import { toWords } from "./values.mjs";
import { wordsOf } from "./wording.mjs";

/**
 * @param {object} to
 * @param {(line: string) => void} to.out prints events and answers
 * @param {(line: string) => void} to.note prints everything else
 * @param {{ out: Function, note: Function }} to.paint colours the output of either of them, see text.mjs
 * @param {boolean} to.all whether to print everything: also the event of an answer, and ordinary connects and disconnects
 * @param {(bytes: Uint8Array, event: string) => string} [save] writes binary data into a file, and returns its path
 */
export function wordsReport({ out, note, paint, all }, save) {
  const valuesOf = (values, event) => values.map((value) => toWords(value, (bytes) => shown(bytes, event))).join(" ");
  const shown = (bytes, event) => `<binary, ${counted(bytes.byteLength, "byte")}${save ? `: ${save(bytes, event)}` : ""}>`;
  const on = (namespace) => (namespace === "/" ? "" : `${clean(namespace)} `);
  const why = (error) => wordsOf(error, { prompt: all });
  let trouble; // the last printed line about a missing connection
  return {
    connected: (namespace, sid, transport) => {
      const told = all || trouble !== undefined;
      trouble = undefined;
      if (told) note(paint.note("dim", `connected to ${clean(namespace)} over ${transport}, sid ${clean(String(sid))}`));
    },
    refused: (namespace, error) => {
      const words = `not connected to ${clean(namespace)}: ${clean(why(error))}`;
      // While the server is away, attempt after attempt fails in the same way.
      if (words !== trouble) note(paint.note("red", words));
      trouble = words;
    },
    disconnected: (namespace, reason, { cause, error, data }) => {
      if (!all && reason === "client disconnect") return;
      trouble = reason;
      const said = data === undefined ? undefined : shortened(valuesOf([data], "disconnect"));
      const reasons = [reason, cause === reason ? undefined : cause, error && why(error), said].filter((words) => words !== undefined);
      note(paint.note("dim", `disconnected from ${clean(namespace)}: ${clean(reasons.join(", "))}`));
    },
    event: (namespace, event, args) => {
      out(`${paint.out("dim", on(namespace))}${paint.out("cyan", clean(quoted(event)))} ${clean(valuesOf(args, event))}`.trimEnd());
    },
    answer: (namespace, event, value) => {
      const words = value === undefined ? "" : clean(valuesOf([value], event));
      if (all) out(`${paint.out("green", clean(`${on(namespace)}${quoted(event)} answered`))} ${words}`.trimEnd());
      else out(words);
    },
    failed: (error) => note(paint.note("red", clean(why(error)))),
  };
}
