// Links between pages, names of files in prose, and names of code behind a file's name: each must exist.
import { readFileSync } from "node:fs";
import { posix } from "node:path";

const FOLDERS = /^(?:src|pkg|tests|scripts|docs|benches|fuzz|examples|www)\//;
const BUILT = /^(?:pkg\/(?:dist|wasm|core\/pkg)\b|docs\/benchmarks\/)|node_modules|^(?:src|tests|examples)\/$/;

const anchorsOf = (source) =>
  [...source.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title.toLowerCase().replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-"),
  );

const isThere = (path, exists) => exists.has(path) || [...exists].some((file) => file.startsWith(`${path.replace(/\/$/, "")}/`));

/** Finds what does not exist: relative links in Markdown, and paths below a folder of the repository in backticks. */
export function brokenLinks(path, { raw }, exists) {
  const found = [];
  if (path.endsWith(".md")) {
    for (const match of raw.matchAll(/\]\(([^)\s]+)\)/g)) {
      const [target, anchor] = match[1].split("#");
      if (/^[a-z]+:/.test(target)) continue;
      const linked = target === "" ? path : posix.join(posix.dirname(path), target).replace(/\/$/, "");
      const file = linked.replace(/^pkg\/docs\//, "docs/"); // pkg/prepack.mjs copies the documents there
      const isMissing = file.startsWith("..") || !isThere(file, exists);
      if (isMissing) found.push({ at: match.index, name: match[1], suggestion: "a file that exists" });
      else if (anchor && !anchorsOf(readFileSync(file, "utf8")).includes(anchor)) {
        found.push({ at: match.index, name: match[1], suggestion: "a heading that exists" });
      }
    }
  }
  for (const match of raw.matchAll(/`([\w./-]+)`/g)) {
    const name = match[1];
    if (!FOLDERS.test(name) || BUILT.test(name) || /^CHANGELOG/.test(path)) continue;
    if (!isThere(name, exists) && !isThere(posix.join(posix.dirname(path), name), exists)) {
      found.push({ at: match.index, name, suggestion: "a file that exists" });
    }
  }
  // The names behind the name of a file are in that file.
  for (const match of raw.matchAll(/`([\w./-]+\.(?:rs|js|mjs))`:? ((?:`[\w:.#]+`(?:, | and )?)+)/g)) {
    const [, file, names] = match;
    if (!FOLDERS.test(file) || !exists.has(file)) continue;
    const source = readFileSync(file, "utf8");
    for (const [, name] of names.matchAll(/`([^`]+)`/g)) {
      const last = name.split(/::|[.#]/).at(-1);
      if (!new RegExp(`\\b${last}\\b`).test(source)) found.push({ at: match.index, name: `${file} ${name}`, suggestion: "a name that is in the file" });
    }
  }
  return found;
}
