// `make bench`: measures socketio-wasm, socket.io-client and a floor side by side, in turns, and prints a table.
//   ROWS=emit,call   only the rows whose title contains one of these
//   ROUNDS=3         how many turns each party has; 7 unless told otherwise
import { run, serve, CORES } from "./processes.mjs";
import { PARTIES } from "./parties.mjs";
import { ROWS } from "./rows.mjs";
import { lines, markdown } from "./table.mjs";

const rounds = Number(process.env.ROUNDS ?? 7);
const wanted = process.env.ROWS?.split(",");
const rows = ROWS.filter(({ title }) => !wanted || wanted.some((part) => title.includes(part)));

/** The figures of a row: for each, a list of its rounds, by party. */
async function results(row) {
  const turns = [];
  for (let round = 0; round < rounds; round++) {
    const turn = {};
    for (const party of Object.keys(PARTIES)) {
      const server = await serve("server.mjs", CORES.server);
      turn[party] = await run("party.mjs", [party, JSON.stringify({ ...row, url: server.url })], CORES.client);
      server.end();
    }
    turns.push(turn);
  }
  const byParty = (name) => turns.map((turn) => Object.fromEntries(Object.entries(turn).map(([party, figures]) => [party, figures[name]])));
  return Object.fromEntries(Object.keys(turns[0].ours).map((name) => [name, byParty(name)]));
}

const cells = [];
for (const row of rows) {
  const found = await results(row);
  const added = lines(row, found);
  for (const line of added) console.error(line.filter(Boolean).join("  "));
  cells.push(...added);
}
console.log(markdown(cells));
