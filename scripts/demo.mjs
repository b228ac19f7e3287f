// `make demo`: starts the demo server, runs a Node client against it, and serves the chat until Ctrl-C.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { settings, startDemoServer, stopOnSignal } from "./demo-server.mjs";

const CLIENT = fileURLToPath(new URL("demo-client.mjs", import.meta.url));

let server, client;
let stopping = false;
stopOnSignal(async () => {
  stopping = true;
  client?.kill();
  await server?.close();
  console.log("\nThe demo has ended.");
});

try {
  server = await startDemoServer(settings(process.env));
  console.log("A Socket.IO server is running. A Node client talks to it:\n");
  await runClient(server.url);
  console.log(`\nOpen ${server.url} in two browser windows and chat. Ctrl-C ends the demo.`);
} catch (error) {
  // Ctrl-C in a terminal reaches the client, too: then the client did not fail.
  if (!stopping) {
    console.error(error.message);
    await server?.close();
    process.exitCode = 1;
  }
}

// In a process of its own, as a newcomer would run it. It ends by itself, which is part of the demonstration.
function runClient(url) {
  return new Promise((resolve, reject) => {
    client = spawn(process.execPath, [CLIENT, url], { stdio: "inherit" });
    client.on("error", reject);
    client.on("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error("The Node client did not get through, so the demo ends here."));
    });
  });
}
