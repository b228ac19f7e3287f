// Draws comment blocks and paragraphs at random, the same ones for the same seed and the same files.
import { readFileSync } from "node:fs";
import { commentBlocks, paragraphs } from "./prose.mjs";

/** A generator of numbers from 0 to 1 (mulberry32). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function blocksOf(path) {
  const source = readFileSync(path, "utf8");
  if (path.endsWith(".md")) {
    return paragraphs(path, source)
      .filter(({ kind }) => kind === "markdown")
      .map(({ raw, lineAt }) => ({ path, line: lineAt(0), text: raw }));
  }
  return commentBlocks(path, source).map(({ line, lines }) => ({ path, line, text: lines.map(({ text }) => text).join("\n") }));
}

/** Prints `count` blocks of at least five words. */
export function sample(paths, count, seed) {
  const next = random(seed);
  const blocks = paths.flatMap(blocksOf).filter(({ text }) => text.split(/\s+/).length >= 5);
  for (let drawn = 0; drawn < count && blocks.length > 0; drawn += 1) {
    const [{ path, line, text }] = blocks.splice(Math.floor(next() * blocks.length), 1);
    console.log(`--- ${drawn + 1} ${path}:${line}\n${text}`);
  }
}
