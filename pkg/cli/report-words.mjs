// What happens, in words: for people, and for scripts that want the answer alone.
import { clean, counted, quoted } from "./text.mjs";
import { toWords } from "./values.mjs";

/**
 * @param {object} to
 * @param {(line: string) => void} to.out where events and answers go
 * @param {(line: string) => void} to.note where all else goes
 * @param {(style: string, text: string) => string} to.paint
 * @param {boolean} to.all whether all is told: an answer with what it answers, and connections that come and go as they should
 * @param {(bytes: Uint8Array, event: string) => string} [save] writes binary data into a file, and returns its path
 */
export function wordsReport({ out, note, paint, all }, save) {
  const valuesOf = (values, event) => values.map((value) => toWords(value, (bytes) => shown(bytes, event))).join(" ");
  const shown = (bytes, event) => `<binary, ${counted(bytes.byteLength, "byte")}${save ? `: ${save(bytes, event)}` : ""}>`;
  const on = (namespace) => (namespace === "/" ? "" : `${clean(namespace)} `);
  let trouble = false; // that was told, so that its end is, too
  return {
    connected: (namespace, sid, transport) => {
      if (all || trouble) note(paint("dim", `connected to ${clean(namespace)} over ${transport}, sid ${clean(String(sid))}`));
    },
    refused: (namespace, data, error) => {
      trouble = true;
      note(paint("red", `not connected to ${clean(namespace)}: ${clean(error.message)}`));
    },
    disconnected: (namespace, reason, { cause, error, data }) => {
      if (!all && reason === "client disconnect") return;
      trouble = true;
      const why = [reason, ...(cause === reason ? [] : [cause]), ...(error ? [error.message] : []), ...(data === undefined ? [] : [valuesOf([data], "disconnect")])];
      note(paint("dim", `disconnected from ${clean(namespace)}: ${clean(why.join(", "))}`));
    },
    event: (namespace, event, args) => {
      out(`${paint("dim", on(namespace))}${paint("cyan", clean(quoted(event)))} ${clean(valuesOf(args, event))}`.trimEnd());
    },
    answer: (namespace, event, value) => {
      const words = value === undefined ? "" : clean(valuesOf([value], event));
      if (all) out(`${paint("green", clean(`${on(namespace)}${quoted(event)} answered`))} ${words}`.trimEnd());
      else out(words);
    },
    failed: (error) => note(paint("red", clean(error.message))),
  };
}
