// Checks the mechanical rules of docs/style.md in all prose of the repository, and that the named files and functions exist:
//   node scripts/check-style.mjs [--counts] [PATH…]
//   node scripts/check-style.mjs --sample 120 [--seed 7] [PATH…]     prints comment blocks drawn at random, for readers
// A finding that is right as it stands has a line in scripts/style/allowed.txt, with its reason.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isRead } from "./style/lexers.mjs";
import { brokenLinks } from "./style/links.mjs";
import { paragraphs } from "./style/prose.mjs";
import { check } from "./style/rules.mjs";
import { sample } from "./style/sample.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { counts: { type: "boolean" }, sample: { type: "string" }, seed: { type: "string", default: "7" } },
});

const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" }).split("\n");
const SKIPPED = /(^|\/)(seeds|fixtures|node_modules)\/|^docs\/benchmarks\/|^scripts\/style\/(rules|style\.test)\.mjs$|\.lock$|package-lock\.json$/;
const exists = new Set(tracked.filter((path) => readable(path)));
const files = [...exists].filter((path) => isRead(path) && !SKIPPED.test(path));
const chosen = positionals.length === 0 ? files : files.filter((path) => positionals.some((start) => path === start || path.startsWith(start.replace(/\/?$/, "/"))));

function readable(path) {
  try {
    return path !== "" && readFileSync(path).length >= 0;
  } catch {
    return false; // deleted, but not yet in the index
  }
}

if (values.sample) {
  sample(chosen, Number(values.sample), Number(values.seed));
  process.exit();
}

/** Lines of the list of exceptions: path, a tab, a part of the prose, a tab, the reason. */
const allowed = readFileSync(new URL("style/allowed.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line && !line.startsWith("#"))
  .map((line) => line.split("\t"));
const used = new Set();

function isAllowed(path, raw) {
  const index = allowed.findIndex(([where, part]) => (where === "*" || where === path) && raw.includes(part));
  if (index !== -1) used.add(index);
  return index !== -1;
}

const counts = new Map();
const folderOf = (path) => path.split("/").slice(0, -1).slice(0, 2).join("/") || ".";

function report(path, line, rule, snippet, suggestion) {
  const folder = counts.get(folderOf(path)) ?? new Map();
  folder.set(rule, (folder.get(rule) ?? 0) + 1);
  counts.set(folderOf(path), folder);
  if (!values.counts) console.log(`${path}:${line}: ${rule}: "${snippet}" -> ${suggestion}`);
}

for (const path of chosen) {
  const source = readFileSync(path, "utf8");
  for (const paragraph of paragraphs(path, source)) {
    for (const { rule, at, length } of check(paragraph)) {
      const snippet = paragraph.raw.slice(Math.max(0, at - 20), at + length + 20);
      if (!isAllowed(path, paragraph.raw)) report(path, paragraph.lineAt(at), rule.name, snippet, rule.suggestion);
    }
    for (const { at, name, suggestion } of brokenLinks(path, paragraph, exists)) {
      if (!isAllowed(path, paragraph.raw)) report(path, paragraph.lineAt(at), "no such file", name, suggestion);
    }
  }
}

if (positionals.length === 0) {
  for (const [index, [where, part]] of allowed.entries()) {
    if (!used.has(index)) report("scripts/style/allowed.txt", 0, "exception without use", `${where}: ${part}`, "remove the line");
  }
}

let total = 0;
for (const [folder, rules] of [...counts].sort()) {
  const sum = [...rules.values()].reduce((a, b) => a + b, 0);
  total += sum;
  console.log(`${String(sum).padStart(5)}  ${folder}  (${[...rules].map(([rule, count]) => `${rule} ${count}`).join(", ")})`);
}
console.log(total === 0 ? `${chosen.length} files: no findings` : `${total} findings; the rules are in docs/style.md`);
process.exitCode = total === 0 ? 0 : 1;
