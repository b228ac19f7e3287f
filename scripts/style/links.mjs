// Links between pages, and names of files in prose: each must exist.
import { readFileSync } from "node:fs";
import { posix } from "node:path";

const FOLDERS = /^(?:src|pkg|tests|scripts|docs|benches|fuzz|examples|www)\//;
const BUILT = /^(?:pkg\/(?:dist|wasm)\b|docs\/benchmarks\/)|node_modules|^(?:src|tests|examples)\/$/;

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
      const file = target === "" ? path : posix.join(posix.dirname(path), target).replace(/\/$/, "");
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
  return found;
}
