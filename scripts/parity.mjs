// Writes the column "tests" of docs/parity.md. Each row of its tables has an id, and each test that proves the row has the id as a tag.
// In JavaScript a tag stands in brackets at the beginning of a title: "[M5] a call without an answer rejects". In Rust it stands in a
// comment of its own above the test: `// [M5, B6]`. Run this after a change of tags or rows. With --check it writes nothing, and fails if
// the column is out of date, if a row has no test, or if a tag has no row.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PAGE = new URL("../docs/parity.md", import.meta.url);
const TESTS = new URL("../tests/", import.meta.url);
const SUITES = ["package", "interop", "page", "npm", "machines", "wasm", "rust"];

const IDS = "([A-Z][A-Z0-9_]*(?:, [A-Z][A-Z0-9_]*)*)";
const TAGS = { mjs: new RegExp(`["'\`]\\[${IDS}\\] `, "g"), rs: new RegExp(`^ *// \\[${IDS}\\]$`, "gm") };

/** Returns the rows of the tables whose first column is "id" or "code": their id, their cells, and the number of their line. */
export function rowsOf(page) {
  const rows = [];
  let isTable = false;
  for (const [number, line] of page.split("\n").entries()) {
    const cells = line.startsWith("|") ? line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()) : [];
    if (/^(id|code)$/.test(cells[0])) isTable = true;
    else if (cells.length === 0) isTable = false;
    else if (isTable && !/^-+$/.test(cells[0])) rows.push({ number, cells, id: cells[0].replaceAll("`", "") });
  }
  return rows;
}

/** Returns the files of tests by tag; a file is named by its path below tests/, without its ending. */
export function filesByTag() {
  const found = new Map();
  for (const suite of SUITES) {
    for (const path of readdirSync(new URL(suite, TESTS), { recursive: true }).sort()) {
      const pattern = TAGS[/\.(mjs|rs)$/.exec(path)?.[1]];
      if (!pattern || path.includes("node_modules")) continue;
      const source = readFileSync(new URL(`${suite}/${path}`, TESTS), "utf8");
      const tags = new Set([...source.matchAll(pattern)].flatMap(([, ids]) => ids.split(", ")));
      for (const tag of tags) found.set(tag, [...(found.get(tag) ?? []), `${suite}/${path.replace(/(\.test)?\.\w+$/, "")}`]);
    }
  }
  return found;
}

/** Returns the page with its column written, and a sentence for each row without a test and each tag without a row. */
export function check(page = readFileSync(PAGE, "utf8"), files = filesByTag()) {
  const rows = rowsOf(page);
  const ids = new Set(rows.map(({ id }) => id));
  const lines = page.split("\n");
  for (const { number, cells, id } of rows) lines[number] = `| ${[...cells.slice(0, -1), files.get(id)?.join(", ") ?? ""].join(" | ")} |`;
  const problems = [
    ...rows.filter(({ id }) => !files.has(id)).map(({ id }) => `No test has the tag [${id}], which is a row of docs/parity.md.`),
    ...[...files].filter(([tag]) => !ids.has(tag)).map(([tag, paths]) => `docs/parity.md has no row ${tag}, which is a tag in ${paths.join(", ")}.`),
  ];
  return { page: lines.join("\n"), problems };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const before = readFileSync(PAGE, "utf8");
  const { page, problems } = check(before);
  if (process.argv.includes("--check")) {
    if (page !== before) problems.push("docs/parity.md is out of date: run `node scripts/parity.mjs`.");
  } else if (page !== before) writeFileSync(PAGE, page);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
