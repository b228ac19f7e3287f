// The Node client of the demo: connects to the demo server, uses a little of everything and prints the steps.
//
//   node scripts/demo-client.mjs http://localhost:3000

import { Client } from "../pkg/dist/node.mjs"; // in a project of your own: import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:3000";
const say = (what) => console.log(`  ${what}`);

const client = new Client({ reconnection: false });
client.on("connect", () => say(`connected, sid ${client.sid}, by ${client.transport()}`));
client.on("disconnect", (reason) => say(`disconnected (${reason})`));

try {
  await client.connect(url, { waitTimeout: 5000 });
  await until(() => client.transport() === "websocket", "the upgrade to websocket");
  say("polling upgraded to websocket");

  const hello = next("hello");
  client.emit("hello", "Hello from Node!");
  say('event sent:      hello, "Hello from Node!"');
  say(`event received:  hello, "${(await hello)[0]}"`);

  say(`call answered:   add(2, 3) = ${await client.timeout(5000).call("add", 2, 3)}`);

  const binary = next("binary");
  const bytes = new Uint8Array([1, 2, 3, 254, 255]);
  client.emit("binary", { name: "five bytes", bytes });
  say(`binary sent:     ${list(bytes)}`);
  say(`binary received: ${list((await binary)[0].bytes)}`);

  await client.disconnect();
} catch (error) {
  console.error(`The demo client failed: ${error.message}`);
  process.exit(1);
}

// Resolves to the values of the next event of a name.
function next(event) {
  return within(5000, `the event "${event}"`, (resolve) => client.once(event, (...values) => resolve(values)));
}

// Resolves when the condition holds.
async function until(condition, what) {
  let timer;
  const held = within(5000, what, (resolve) => (timer = setInterval(() => condition() && resolve(), 10)));
  await held.finally(() => clearInterval(timer));
}

function within(milliseconds, what, start) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what} did not come within ${milliseconds} ms`)), milliseconds);
    start((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

function list(bytes) {
  return `${bytes.constructor.name} ${[...bytes].join(" ")}`;
}
