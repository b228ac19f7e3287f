// `make bench`: measures socketio-wasm, socket.io-client and a floor side by side in Node. campaign.mjs lists the variables of the environment.
import { execFileSync } from "node:child_process";
import { about, asked, measure, publish } from "./campaign.mjs";
import { PAYLOADS } from "./payloads.mjs";
import { link } from "./link.mjs";
import { CORES, run, serve } from "./processes.mjs";
import { ROWS } from "./rows.mjs";
import { sizes } from "../../scripts/sizes.mjs";

const wanted = asked(ROWS);
const rows = await measure(wanted, ["ours", "peer", "floor"], async (row, turn) => {
  const server = await serve("server.mjs", CORES.server);
  const slow = row.linkMs === undefined ? undefined : await link(server.url, row.linkMs);
  const { url } = slow ?? server;
  const take = (party, environment) => run("party.mjs", [party, JSON.stringify({ ...row, url })], CORES.client, environment);
  await turn(take, () => take("ours", { PROFILE: "1" }));
  slow?.end();
  server.end();
});

/** Measures the event of 60 B with the decoder of python-socketio. */
function python() {
  const decoder = new URL("python_decoder.py", import.meta.url).pathname;
  return JSON.parse(execFileSync(process.env.PYTHON, [decoder, JSON.stringify(["m", PAYLOADS["60 B"]])], { encoding: "utf8" }));
}

const found = { about: about("make bench"), rows, sizes: await sizes(), python: python() };
await publish("node", "In Node, beside socket.io-client", found, wanted.whole);
