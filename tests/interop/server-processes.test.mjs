// No server outlives the tests, even if the process of the tests is killed and the server has child processes.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { until } from "../support/until.mjs";

// kinds and options; `make test` runs the first two
const SERVERS = [
  ["python", { hosting: "uvicorn" }],
  ["npm", {}],
  ["python-hostings", { hosting: "gunicorn-gthread" }],
  ["python-hostings", { hosting: "uwsgi" }],
];

const STARTER = `
  import { TestServer } from ${JSON.stringify(new URL("../support/server.mjs", import.meta.url))};
  const server = new TestServer(...JSON.parse(process.argv[1]));
  await server.start();
  console.log(server.url);
`;

for (const [kind, options] of process.env.INTEROP === "all" ? SERVERS : SERVERS.slice(0, 2)) {
  test(`${kind} ${JSON.stringify(options)} ends with the process that started it`, async (t) => {
    const parameters = ["--input-type=module", "--eval", STARTER, JSON.stringify([kind, options])];
    const starter = spawn(process.execPath, parameters, { cwd: fileURLToPath(new URL(".", import.meta.url)), stdio: ["ignore", "pipe", "inherit"] });
    t.after(() => starter.kill("SIGKILL"));
    const [url] = await once(createInterface(starter.stdout), "line");
    assert.equal(await (await fetch(`${url}/hello`)).text(), "hello");
    starter.kill("SIGKILL");
    await until("the port's end", () => fetch(`${url}/hello`).then(() => false, (error) => error.cause?.code === "ECONNREFUSED"));
  });
}
