// Prints how large the built package is, each file raw and compressed; fails if the wasm outgrew its limit.
import { readdirSync, readFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const LIMIT = 43_000; // bytes of wasm after gzip -9: what a page pays for this client, kept in sight
const DIST = new URL("../pkg/dist/", import.meta.url);

const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });

function measure(name) {
  const bytes = readFileSync(new URL(name, DIST));
  return { name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli(bytes).length };
}

function row(name, ...numbers) {
  console.log(name.padEnd(28) + numbers.map((n) => n.toLocaleString("en").padStart(10)).join(""));
}

const names = readdirSync(DIST, { recursive: true }).sort();
const wasm = names.filter((name) => name.endsWith(".wasm")).map(measure);
const scripts = names.filter((name) => /\.[cm]?js$/.test(name)).map(measure);
if (wasm.length === 0) throw new Error("there is no wasm in pkg/dist; `make build` makes it");

row("bytes", "raw", "gzip -9", "brotli 11");
for (const file of [...wasm, ...scripts]) row(file.name, file.raw, file.gzip, file.brotli);

const tooLarge = wasm.filter((file) => file.gzip > LIMIT);
for (const file of tooLarge) console.error(`${file.name}: ${file.gzip} bytes after gzip, the limit is ${LIMIT}`);
process.exitCode = tooLarge.length === 0 ? 0 : 1;
