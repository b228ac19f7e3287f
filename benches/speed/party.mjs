// One turn of one party at one row, in a process of its own: node party.mjs <party> <row as JSON>. Prints its figures as JSON; with
// PROFILE set, the functions that took most time.
import { host } from "./node-host.mjs";
import { PARTIES } from "./node-parties.mjs";
import { hottest } from "./profile.mjs";

const [name, text] = process.argv.slice(2);
const row = JSON.parse(text);
const { [row.work]: work, FakeWebSocket } = await import(row.module);
// The row that measures importing does that itself.
const party = row.work === "start" ? undefined : await PARTIES[name](FakeWebSocket);
const turn = () => work(party, { ...row, party: name }, host);

async function profiled() {
  const { Session } = await import("node:inspector/promises");
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.start");
  await turn();
  const { profile } = await session.post("Profiler.stop");
  return hottest(profile);
}

console.log(JSON.stringify(await (process.env.PROFILE ? profiled() : turn())));
process.exit(); // ends open connections
