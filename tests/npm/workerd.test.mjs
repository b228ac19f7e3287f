// workerd, the runtime of Cloudflare's workers, by Wrangler: a worker that talks while it answers a request.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { HEARD, createProject, nodeOf, serveWith, startServers, tool } from "./support/project.mjs";

const servers = await startServers({ after });
const project = createProject({ after }, "workerd");

for (const script of ["worker.js", "slim.js"]) {
  test(`${script} talks during each request`, async (t) => {
    const wrangler = [tool("wrangler"), "dev", script, "--ip", "127.0.0.1", "--port", "0"];
    const url = await serveWith(t, project, /Ready on (http\S+)/, nodeOf(22), ...wrangler);
    for (const time of ["first", "second"]) {
      const response = await fetch(`${url}/?${new URLSearchParams(servers)}`);
      assert.deepEqual(JSON.parse(await response.text()), HEARD, time);
    }
  });
}
