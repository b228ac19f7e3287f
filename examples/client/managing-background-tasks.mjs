// Seeds 000, "Using the Event-Driven Client", and 002, "The Socket.IO Client": Managing Background Tasks
// node client/managing-background-tasks.mjs http://localhost:5000
import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new Client();
await sio.connect(url);

async function my_background_task(my_argument) {
  console.log("background work with", my_argument);
  await sio.sleep(2000); // milliseconds
  console.log("slept for two seconds");
  sio.emit("goodbye"); // so that the server ends the connection
  return "done";
}

const task = sio.startBackgroundTask(my_background_task, 123);
console.log("the task has been started");

await sio.wait();
console.log("the connection has ended; the task came to:", await task.join());
