// Prints how large the package is, and what applications become; fails if one of them has outgrown its ceiling.
import { sizes } from "./sizes.mjs";

const rows = await sizes();
const width = Math.max(...rows.map(({ title }) => title.length)) + 2;
const columns = (title, ...cells) => console.log(title.padEnd(width) + cells.map((cell) => cell.toLocaleString("en").padStart(10)).join(""));

// What is aimed at, and what is not to be outgrown, are of gzip.
columns("bytes", "raw", "gzip -9", "brotli 11", "ceiling", "aim");
for (const { title, raw, gzip, brotli, ceiling = "", limit = "" } of rows) columns(title, raw, gzip, brotli, ceiling, limit);

const grown = rows.filter(({ gzip, ceiling }) => gzip > ceiling);
for (const { title, files, gzip, ceiling } of grown) {
  const what = files?.map((name) => `pkg/${name}`).join(" and ") ?? title;
  console.error(`${what}: ${gzip} bytes after gzip, the ceiling is ${ceiling} (scripts/sizes.mjs)`);
}
process.exitCode = grown.length === 0 ? 0 : 1;
