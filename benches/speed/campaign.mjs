// Measures a whole run: every row, in turns. Then writes the results as Markdown, chart and data.
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { createRequire } from "node:module";
import { chart } from "./chart.mjs";
import { CORES } from "./processes.mjs";
import { report } from "./report.mjs";
import { summary } from "./summary.mjs";

const ROUNDS = 7;
const DOCS = new URL("../../docs/benchmarks/", import.meta.url);
const SCRATCH = new URL("../../target/benchmarks/", import.meta.url);

/** Returns the part of a run that the environment asks for: ROWS=emit,call are parts of names of rows, ROUNDS=3 the turns of each party. */
export function asked(rows) {
  const rounds = Number(process.env.ROUNDS ?? ROUNDS);
  const parts = process.env.ROWS?.split(",").map((part) => part.trim()) ?? [""];
  return { rounds, rows: rows.filter(({ title }) => parts.some((part) => title.includes(part))), whole: !process.env.ROWS && rounds >= ROUNDS };
}

/**
 * Measures rows, one after the other, each party in turn.
 * @param {{ rows: object[], rounds: number }} wanted
 * @param {string[]} parties
 * @param {(row: object, turns: (take: (party: string) => Promise<object>, profile: () => Promise<object[]>) => Promise<void>) =>
 *   Promise<void>} around prepares a row, as a rule by starting a server, and calls `turns` with two functions: one takes a turn, the
 *   other takes one more turn of this client with the profiler
 */
export async function measure({ rows, rounds }, parties, around) {
  const found = [];
  for (const row of rows) {
    const start = performance.now();
    await around(row, async (take, profile) => {
      const turns = [];
      for (let round = 0; round < rounds; round++) {
        const turn = {};
        for (const party of parties) turn[party] = await take(party);
        turns.push(turn);
      }
      const summed = summary(row, turns);
      found.push(summed);
      if (summed.figures.some(missedTime)) summed.hottest = await profile();
    });
    const short = found.at(-1).figures.map(({ name, ratio, above, verdict }) => `${name} ${(above ?? ratio)?.median.toFixed(2)} ${verdict ?? ""}`);
    console.error(`${row.title}: ${short.join("; ")} (${Math.round((performance.now() - start) / 1000)} s)`);
  }
  return found;
}

const missedTime = ({ verdict, unit }) => verdict?.startsWith("MISSED") && unit !== "KiB";

/** Describes the machine and the versions of a run. */
export function about(command, more = {}) {
  const require = createRequire(new URL("../../tests/package.json", import.meta.url));
  const version = (name) => `${name} ${require(`${name}/package.json`).version}`;
  const ws = new Set(["ws", "../pkg/node_modules/ws"].map((name) => require(`${name}/package.json`).version));
  const commit = execFileSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8", cwd: new URL(".", import.meta.url) }).trim();
  return {
    clients: `socketio-wasm ${require("../pkg/package.json").version} (${commit}), ${version("socket.io-client")}`,
    server: version("socket.io"),
    ws: `${[...ws].join(" and ")}${ws.size > 1 ? ", WHICH DIFFER" : ", the same for all"}`,
    node: process.version,
    ...more,
    machine: `${cpus().length} cores, ${cpus()[0].model.trim()}; ${CORES.server === undefined ? "nothing is pinned to a core" : "server and client on a core each"}`,
    date: new Date().toISOString().slice(0, 10),
    command: `${command}, ${Math.round(performance.now() / 60_000)} min`,
  };
}

/** Prints a run and writes it: a whole run to docs/benchmarks, a part to target/benchmarks. */
export async function publish(name, title, run, whole) {
  const text = report(run);
  console.log(text);
  const folder = whole ? DOCS : SCRATCH;
  await mkdir(folder, { recursive: true });
  await writeFile(new URL(`${name}.md`, folder), `# ${title}\n\n![${title}](${name}.svg)\n\n${text}`);
  await writeFile(new URL(`${name}.svg`, folder), chart(title, run));
  await writeFile(new URL(`${name}.json`, folder), JSON.stringify(run, null, 1) + "\n");
  console.error(`written to ${folder.pathname}`);
}
