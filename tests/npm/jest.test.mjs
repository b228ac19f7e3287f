// Jest, without a configuration: CommonJS, in Node and in jsdom.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { HEARD, createProject, run, startServers, tool } from "./support/project.mjs";

test("tests of a program and of a page talk", async (t) => {
  const project = createProject(t, "jest");
  writeFileSync(join(project, "expected.json"), JSON.stringify({ servers: await startServers(t), heard: HEARD }));
  await run(project, tool("esbuild"), "talk.js", "--format=cjs", "--outfile=talk.cjs");
  await run(project, tool("jest"));
});
