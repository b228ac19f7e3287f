// esbuild, with the fewest options that it needs.
import { testBundler } from "./support/bundler.mjs";
import { run, tool } from "./support/project.mjs";

const build = (project, ...parameters) =>
  run(project, tool("esbuild"), "main.js", "--bundle", "--format=esm", "--minify", "--outdir=out", ...parameters);

await testBundler(build, [
  { title: "a page in one file", script: "talk-in-page.js" },
  { title: "a page with a file for each serializer", script: "talk-in-page.js", parameters: ["--splitting"] },
  { title: "a page that calls require()", script: "require.cjs" },
  { title: "a page with a worker, which is an entry of its own,", script: "talk-in-worker.js", parameters: ["worker.js"] },
  { title: "a page with slim", script: "talk-slim.js", beside: "slim.wasm", wasm: { inside: 0, files: 1 } },
]);
