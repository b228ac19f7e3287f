// Prints the sizes of the package and of small applications. Fails if one has outgrown its ceiling.
import { sizes } from "./sizes.mjs";

const rows = await sizes();
const width = Math.max(...rows.map(({ title }) => title.length)) + 2;
const columns = (title, ...cells) => console.log(title.padEnd(width) + cells.map((cell) => cell.toLocaleString("en").padStart(10)).join(""));

// Aim and ceiling are sizes after gzip.
columns("bytes", "raw", "gzip -9", "brotli 11", "ceiling", "aim");
for (const { title, raw, gzip, brotli, ceiling = "", limit = "" } of rows) columns(title, raw, gzip, brotli, ceiling, limit);

const grown = rows.filter(({ gzip, ceiling }) => gzip > ceiling);
for (const { title, files, gzip, ceiling } of grown) {
  const what = files?.map((name) => `pkg/${name}`).join(" and ") ?? title;
  console.error(`${what}: ${gzip} bytes after gzip, the ceiling is ${ceiling} (scripts/sizes.mjs)`);
}
process.exitCode = grown.length === 0 ? 0 : 1;
