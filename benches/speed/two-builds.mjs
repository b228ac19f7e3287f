// `make bench-builds OLD=<folder>`: measures two builds of this package beside socket.io-client, in one run. OLD is a copy of an older build's
// pkg/dist. ROWS and ROUNDS are as in campaign.mjs. A ratio above 1 says that the present build has the larger figure.
import { resolve } from "node:path";
import { asked, measure } from "./campaign.mjs";
import { link } from "./link.mjs";
import { CORES, run, serve } from "./processes.mjs";
import { ROWS } from "./rows.mjs";
import { compared, median, ratio } from "./statistics.mjs";

if (!process.env.OLD) throw new Error("OLD must name a folder: a copy of pkg/dist as an older commit built it");
const OLD_ENTRY = resolve(process.env.OLD, "node.mjs");

const shown = (number) => (number === undefined ? "" : Number(number.toPrecision(3)).toString());
const spread = ({ median: middle, least, greatest }) => `${middle.toFixed(2)} (${least.toFixed(2)} to ${greatest.toFixed(2)})`;

/** Collects the rounds of each row: `measure` sums them up for other parties. */
const turnsByRow = new Map();
const { rows, rounds } = asked(ROWS);
await measure({ rows, rounds }, ["ours", "old", "peer"], async (row, turns) => {
  const server = await serve("server.mjs", CORES.server);
  const slow = row.linkMs === undefined ? undefined : await link(server.url, row.linkMs);
  const parameters = JSON.stringify({ ...row, url: (slow ?? server).url });
  const taken = [];
  turnsByRow.set(row, taken);
  await turns(
    async (party) => {
      const figures = await run("party.mjs", [party, parameters], CORES.client, { OLD_ENTRY });
      if (party === "ours") taken.push({});
      taken.at(-1)[party] = figures;
      return figures;
    },
    () => [],
  );
  slow?.end();
  server.end();
});

console.log("| row | figure | new | old | new / old, median (spread) | new / socket.io-client |\n|---|---|---|---|---|---|");
for (const [row, turns] of turnsByRow) {
  for (const { name, unit } of row.figures) {
    const of = (party) => turns.map((turn) => turn[party]?.[name]);
    const pairs = (other) => compared(turns.map((turn) => [turn.ours?.[name], turn[other]?.[name]]), ratio);
    const [ours, old] = [of("ours"), of("old")].map((values) => shown(median(values)));
    const [before, peer] = [pairs("old"), pairs("peer")];
    console.log(`| ${row.title} | ${name}${unit ? `, ${unit}` : ""} | ${ours} | ${old} | ${before ? spread(before) : ""} | ${peer ? spread(peer) : ""} |`);
  }
}
