// Builds the example of a framework as a page, and says in which folder it is: node scripts/build-example.mjs yew
//
// What `trunk build` does, of what the examples need: the page's links with `data-trunk` become files beside it. The page looks for its
// server where it came from. Nothing is there for debuggers: that would take longer to build than the rest.

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const TARGET = fileURLToPath(new URL("../target/examples", import.meta.url)); // of all examples, which have most in common
const FRAMEWORKS = ["yew", "leptos", "dioxus"];
const WASM = "wasm32-unknown-unknown";

function run(command, parameters, options) {
  const { status, error, stderr } = spawnSync(command, parameters, { stdio: ["ignore", "ignore", "pipe"], ...options });
  if (status === 0) return;
  throw new Error(`${command} ${parameters.join(" ")} has failed:\n${error?.message ?? stderr}`);
}

/** Builds the page of a framework's example, and answers its folder. */
export function buildExample(framework) {
  if (!FRAMEWORKS.includes(framework)) throw new Error(`There is no example "${framework}", but of: ${FRAMEWORKS.join(", ")}`);
  const folder = fileURLToPath(new URL(`../examples/${framework}`, import.meta.url));
  const page = join(TARGET, "pages", framework);
  const name = `chat-${framework}`;
  const env = { ...process.env, CARGO_TARGET_DIR: TARGET, CARGO_PROFILE_DEV_DEBUG: "0", CHAT_SERVER: "/" };
  run("cargo", ["build", "--quiet", "--target", WASM], { cwd: folder, env });

  rmSync(page, { recursive: true, force: true });
  mkdirSync(page, { recursive: true });
  run("wasm-bindgen", ["--target", "web", "--no-typescript", "--out-dir", page, join(TARGET, WASM, "debug", `${name}.wasm`)]);
  // The event is trunk's: whoever has to know that the application runs hears it from either.
  const start = `
      import init from "/${name}.js";
      const wasm = await init({ module_or_path: "/${name}_bg.wasm" });
      dispatchEvent(new CustomEvent("TrunkApplicationStarted", { detail: { wasm } }));
    `;
  const html = readFileSync(join(folder, "index.html"), "utf8").replaceAll(/<link data-trunk ([^>]*)>/g, (_, attributes) => {
    if (attributes.includes('rel="rust"')) return `<script type="module">${start}</script>`;
    return `<link ${attributes.replace(/href="([^"]*)"/, (_, file) => {
      copyFileSync(join(folder, file), join(page, basename(file)));
      return `href="/${basename(file)}"`;
    })}>`.replace('rel="css"', 'rel="stylesheet"');
  });
  writeFileSync(join(page, "index.html"), html);
  return page;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(buildExample(process.argv[2]));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
