// Starts the measured processes and their servers, each on a core of its own if the system can do that.
import { spawn, spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

const canPin = cpus().length > 1 && spawnSync("taskset", ["-c", "1", "true"]).status === 0;

/** The cores of the server, of a client, and of a browser with its processes; undefined if the system cannot pin processes. */
export const CORES = canPin ? { server: 0, client: 1, browser: `1-${cpus().length - 1}` } : {};

const TURN_MS = 60_000; // far more than any turn takes

function start(script, parameters, core, environment = {}) {
  const command = [process.execPath, "--expose-gc", fileURLToPath(new URL(script, import.meta.url)), ...parameters];
  if (core !== undefined) command.unshift("taskset", "-c", String(core));
  return spawn(command[0], command.slice(1), { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...environment } });
}

/** Runs a script to its end, and resolves to the JSON that it printed. */
export function run(script, parameters, core, environment) {
  const child = start(script, parameters, core, environment);
  const timer = setTimeout(() => child.kill("SIGKILL"), TURN_MS);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(JSON.parse(output));
      else reject(new Error(`${script} ${parameters.join(" ")} ended with ${signal ?? code}`));
    });
  });
}

/** Starts a server that runs until `end`; resolves when it listens. */
export function serve(script, core) {
  const child = start(script, [], core);
  const end = () => child.stdin.end();
  return new Promise((resolve, reject) => {
    child.stdout.once("data", (text) => resolve({ url: `http://127.0.0.1:${JSON.parse(text).port}`, end }));
    child.on("close", (code) => code && reject(new Error(`${script} ended with ${code}`)));
  });
}
