// Prints what each step of pkg/build/steps.mjs saves, as the table of docs/benchmarks/build-steps.md: builds the package as it is
// published, then once more without each step. With names of steps as arguments it measures these alone. It leaves the last of these
// builds in pkg/dist.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { STEPS } from "../pkg/build/steps.mjs";
import { sizes } from "./sizes.mjs";

const BUILD = fileURLToPath(new URL("../pkg/build.mjs", import.meta.url));
const MEASURED = { "browser.js": "socketio-wasm", slim: "socketio-wasm/slim" };

/** Builds with these options, and returns the bytes after gzip of what a page downloads, by name of MEASURED. */
async function build(...options) {
  execFileSync("node", [BUILD, "--release", ...options], { stdio: ["ignore", "ignore", "pipe"] });
  const rows = await sizes();
  return Object.fromEntries(Object.entries(MEASURED).map(([name, title]) => [name, rows.find((row) => row.title === title).gzip]));
}

const names = Object.keys(MEASURED);
const row = (...cells) => console.log(`| ${cells.join(" | ")} |`);
const count = (bytes) => bytes.toLocaleString("en");

const whole = await build();
row("step", "what it does", ...names.flatMap((name) => [`${name} larger without it`, "%"]));
row("---", "---", ...names.flatMap(() => ["---:", "---:"]));
row("all", "", ...names.flatMap((name) => [`${count(whole[name])} in all`, ""]));
for (const [step, does] of Object.entries(STEPS)) {
  if (process.argv.length > 2 && !process.argv.includes(step)) continue;
  const without = await build("--without", step);
  row(`\`${step}\``, does, ...names.flatMap((name) => [count(without[name] - whole[name]), (((without[name] - whole[name]) / whole[name]) * 100).toFixed(1)]));
}
const plain = await build("--plain");
row("`--plain`", "no step at all", ...names.flatMap((name) => [count(plain[name] - whole[name]), (((plain[name] - whole[name]) / whole[name]) * 100).toFixed(1)]));
