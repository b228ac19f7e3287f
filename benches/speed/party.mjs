// One turn of one party at one row, in a process of its own: node party.mjs <party> <row as JSON>. Prints its figures as JSON.
import { PARTIES } from "./parties.mjs";

const [name, text] = process.argv.slice(2);
const row = JSON.parse(text);
const WORKS = { emit: "messages", receive: "messages", call: "messages", answer: "messages" };

const work = (await import(`./${WORKS[row.work]}.mjs`))[row.work];
console.log(JSON.stringify(await work(await PARTIES[name](), row)));
process.exit(); // whatever is still connected
