// Seed 003: Managing Background Tasks
// node engine-client/managing-background-tasks.mjs http://localhost:5000
import { EngineClient } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const eio = new EngineClient();
await eio.connect(url);

async function my_background_task(my_argument) {
  console.log("background work with", my_argument);
  await eio.sleep(2000); // milliseconds
  console.log("slept for two seconds");
  eio.send("close"); // so that the server ends the connection
}

eio.startBackgroundTask(my_background_task, 123);
console.log("the task has been started");

await eio.wait();
console.log("the connection has ended");
