// Vitest, without a configuration: in Node and in jsdom.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { HEARD, createProject, nodeOf, run, startServers, tool } from "./support/project.mjs";

test("tests of a program and of a page talk", async (t) => {
  const project = createProject(t, "vitest");
  writeFileSync(join(project, "expected.json"), JSON.stringify({ servers: await startServers(t), heard: HEARD }));
  await run(project, nodeOf(22), tool("vitest"), "run");
});
