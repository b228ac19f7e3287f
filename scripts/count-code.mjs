// Counts lines of code, without comments and blank lines, of folders of Rust and JavaScript: node scripts/count-code.mjs [folder...]
// Tests within a file of Rust (`#[cfg(test)] mod`) are not counted. Prints a sum for each folder, and the largest file with its comments.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const FOLDERS = ["src/protocol", "src/engine", "src/socket", "src/driver", "src/shell", "src/js", "src/client", "src/frameworks", "src/host", "pkg/facade"];

function* files(path) {
  if (!statSync(path).isDirectory()) return yield path;
  for (const name of readdirSync(path).sort()) if (!name.endsWith(".min.js")) yield* files(join(path, name));
}

/** A line of code, or of a comment that goes on. A `//` in a string follows a colon: it is part of a url. */
function codeLines(text) {
  let inComment = false;
  let count = 0;
  for (let line of text.replace(/\n#\[cfg\(test\)\]\s*\nmod [\s\S]*$/, "").split("\n")) {
    if (inComment) {
      const end = line.indexOf("*/");
      if (end < 0) continue;
      inComment = false;
      line = line.slice(end + 2);
    }
    line = line.replace(/\/\*.*?\*\//g, "").replace(/(^|[^:"'`])\/\/.*$/, "$1");
    const begin = line.search(/(^|\s)\/\*/);
    if (begin >= 0) {
      inComment = true;
      line = line.slice(0, begin);
    }
    if (line.trim() !== "") count++;
  }
  return count;
}

let total = 0;
let largest = { lines: 0 };
const folders = process.argv.length > 2 ? process.argv.slice(2) : FOLDERS;
for (const folder of folders) {
  let sum = 0;
  let count = 0;
  try {
    statSync(join(root, folder));
  } catch {
    continue; // a folder that this commit does not have
  }
  for (const path of files(join(root, folder))) {
    if (!/\.(rs|m?js|ts)$/.test(path)) continue;
    const text = readFileSync(path, "utf8");
    sum += codeLines(text);
    count += 1;
    const lines = text.split("\n").length - 1;
    if (lines > largest.lines) largest = { lines, path };
  }
  total += sum;
  console.log(`${folder.padEnd(20)} ${String(sum).padStart(6)} lines of code in ${count} files`);
}
console.log(`${"together".padEnd(20)} ${String(total).padStart(6)}`);
console.log(`the largest file: ${relative(root, largest.path)}, ${largest.lines} lines with comments`);
