// webpack, without a configuration.
import { testBundler } from "./support/bundler.mjs";
import { run, tool } from "./support/project.mjs";

const build = (project, ...parameters) =>
  run(project, tool("webpack"), "build", "--mode", "production", "--entry", "./main.js", "--output-path", "out", ...parameters);

await testBundler(build, [
  { title: "a page with a file for each serializer", script: "talk-in-page.js" },
  { title: "a page that calls require()", script: "require.cjs" },
  // Like webpack 4 and Browserify, which only know the fields `browser` and `main`.
  { title: "a page built without package.json's `exports`", script: "talk-in-page.js", parameters: ["--resolve-exports-fields-reset"] },
  { title: "a page with a worker", script: "talk-in-worker.js" },
  { title: "a page with slim, whose wasm webpack copies,", script: "talk-slim.js", wasm: { inside: 0, files: 1 } },
]);
