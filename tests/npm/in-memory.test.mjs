// The programs of the guide that test with a server in memory and fake timers: in Vitest and in Jest, in Node and in jsdom.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { programBehind } from "./support/guide.mjs";
import { createProject, nodeOf, run, tool } from "./support/project.mjs";

// Binary data crosses the realms of Jest: the client's file may run in one, and the test in another.
const BINARY = `
test("binary data arrives on both sides", async () => {
  const server = new Server();
  server.on("connection", (socket) => socket.on("echo", (value, answer) => answer(value)));
  for (const transports of [["websocket"], ["polling"]]) {
    const client = new Client(server.clientOptions);
    await client.connect(server.url, { transports });
    expect([...(await client.call("echo", new Uint8Array([1, 2, 3])))]).toEqual([1, 2, 3]);
    await client.disconnect();
  }
});
`;
const program = programBehind("With Vitest, or with Jest") + BINARY;

test("the guide's tests pass in Vitest", async (t) => {
  const project = createProject(t, "in-memory");
  writeFileSync(join(project, "guide.test.js"), program);
  writeFileSync(join(project, "page.test.js"), `// @vitest-environment jsdom\n${program}`);
  await run(project, nodeOf(22), tool("vitest"), "run");
});

test("the guide's tests pass in Jest, as the guide says", async (t) => {
  const project = createProject(t, "in-memory");
  const forJest = program.replace(/^import .* from "vitest";\n/m, "").replaceAll(/\bvi\./g, "jest.");
  const compiled = forJest.replaceAll(/^import (\{.*\}) from (".*");$/gm, "const $1 = require($2);");
  writeFileSync(join(project, "package.json"), "{}");
  writeFileSync(join(project, "guide.test.js"), compiled);
  writeFileSync(join(project, "page.test.js"), `/** @jest-environment jsdom */\n${compiled}`);
  await run(project, tool("jest"));
});
