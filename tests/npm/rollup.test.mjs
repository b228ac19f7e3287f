// Rollup, with nothing but the plug-in that finds packages.
import { testBundler } from "./support/bundler.mjs";
import { run, tool } from "./support/project.mjs";

const build = (project, ...entries) => run(project, tool("rollup"), "main.js", ...entries, "--dir", "out", "--plugin", "node-resolve");

await testBundler(build, [
  { title: "a page with a file for each serializer", script: "talk-in-page.js" },
  { title: "a page with a worker, which is an entry of its own,", script: "talk-in-worker.js", parameters: ["worker.js"] },
  { title: "a page with slim", script: "talk-slim.js", beside: "slim.wasm", wasm: { inside: 0, files: 1 } },
]);
