// Next.js with its app router, built and served without a configuration: a page, and routes in Node and at the edge.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertHears } from "./support/browsers.mjs";
import { HEARD, createProject, run, serveWith, startServers, tool } from "./support/project.mjs";

const servers = await startServers({ after });
const project = createProject({ after }, "next");
await run(project, tool("next"), "build");
const parameters = ["start", "--hostname", "127.0.0.1", "--port", "0"];
const url = await serveWith({ after }, project, /Local: +(http\S+)[^]*Ready/, tool("next"), ...parameters);

test("a component of the page talks", () => assertHears(url, servers));

for (const runtime of ["server", "edge"]) {
  test(`a route talks: ${runtime}`, async () => {
    const response = await fetch(`${url}/${runtime}?${new URLSearchParams(servers)}`);
    assert.deepEqual(await response.json(), HEARD);
  });
}
