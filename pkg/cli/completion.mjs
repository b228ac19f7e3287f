// Completions for the Tab key.
import { readdirSync } from "node:fs";
import { COMMANDS } from "./commands.mjs";
import { clean, quoted } from "./text.mjs";
import { wordsIn } from "./values.mjs";

/**
 * Returns a completer for node:readline.
 * @param {{ events: Set<string>, namespaces: string[] }} known
 * @returns {(line: string) => [string[], string]} the completions of the last word of a line, and that word
 */
export function completer(known) {
  return (line) => {
    const words = wordsIn(line);
    const last = line === "" || /\s$/.test(line) ? "" : words.pop();
    return [offers(known, words, last).filter((offer) => offer.startsWith(last)).sort(), last];
  };
}

function offers(known, [name, ...before], last) {
  if (last.startsWith("@")) return files(last);
  if (name === undefined) return [...Object.keys(COMMANDS).map((name) => `${name} `), ...known.namespaces];
  const completes = Object.hasOwn(COMMANDS, name) ? COMMANDS[name].completes : undefined;
  if (completes === "events" || (completes === "event" && before.length === 0)) {
    return [...known.events].map((event) => `${clean(quoted(event))} `);
  }
  if (before.length > 0) return [];
  return completes === "namespace" ? known.namespaces : (completes ?? []);
}

// Returns the files that begin with a path, with "/" after folders.
function files(word) {
  const inQuotes = word.startsWith('@"');
  const path = word.slice(inQuotes ? 2 : 1);
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  try {
    const entries = readdirSync(folder || ".", { withFileTypes: true });
    const paths = entries.map((entry) => `${folder}${entry.name}${entry.isDirectory() ? "/" : ""}`);
    return paths.map((path) => `@${clean(inQuotes ? JSON.stringify(path) : quoted(path))}`);
  } catch {
    return []; // no such folder
  }
}
