// Finds the functions that took most time of a turn, from a profile of V8. A pure function.
import { basename } from "node:path";

const NOT_WORK = new Set(["(idle)", "(root)"]);
const OWN = "dispatch"; // the inspector's native function, which takes the profile

function nameOf({ functionName, url, lineNumber }) {
  if (url.startsWith("wasm:")) return "wasm";
  const place = url ? ` (${basename(url)}${lineNumber > 0 ? `:${lineNumber + 1}` : ""})` : "";
  return (functionName || "an unnamed function") + place;
}

/**
 * @param {{ nodes: object[], samples: number[], timeDeltas: number[] }} profile as the inspector gives it
 * @param {number} [count] how many functions
 * @returns {{ name: string, share: number }[]} the functions that took most time by themselves, as shares of the
 *   busy time; functions of wasm count as one
 */
export function hottest({ nodes, samples, timeDeltas }, count = 8) {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const times = new Map();
  let total = 0;
  samples.forEach((id, index) => {
    const frame = byId.get(id);
    if (NOT_WORK.has(frame.functionName) || (frame.functionName === OWN && frame.url === "")) return;
    const name = nameOf(frame);
    times.set(name, (times.get(name) ?? 0) + timeDeltas[index]);
    total += timeDeltas[index];
  });
  const sorted = [...times].sort(([, a], [, b]) => b - a).slice(0, count);
  return sorted.map(([name, time]) => ({ name, share: time / total }));
}
