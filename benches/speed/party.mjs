// One turn of one party at one row, in a process of its own: node party.mjs <party> <row as JSON>. Prints its figures as JSON.
import { host } from "./node-host.mjs";
import { PARTIES } from "./node-parties.mjs";

const [name, text] = process.argv.slice(2);
const row = JSON.parse(text);
const { [row.work]: work, FakeWebSocket } = await import(row.module);
// The row that measures importing does that itself.
const party = row.work === "start" ? undefined : await PARTIES[name](FakeWebSocket);
console.log(JSON.stringify(await work(party, { ...row, party: name }, host)));
process.exit(); // whatever is still connected
