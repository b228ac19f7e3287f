// The package has the licences of all foreign code in it: npm's libraries by the source maps, and crates by cargo.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { folder } from "../../support/installed.mjs";

const dist = join(folder, "node_modules/socketio-wasm/dist");

// Each part begins with a name, followed by the copyright and the licence.
const parts = readFileSync(join(dist, "LICENSES"), "utf8").split(/^-{80}\n\n/m);

function assertLicence(name) {
  const part = parts.find((text) => text.startsWith(`${name} `));
  assert.ok(part, `no licence of ${name}`);
  assert.match(part.replaceAll(/\s+/g, " "), /Permission (is hereby granted|to use, copy, modify)|Apache License/, name);
}

test("the licence of every bundled library is included", () => {
  const maps = readdirSync(dist, { recursive: true }).filter((name) => name.endsWith(".map"));
  const sources = maps.flatMap((name) => JSON.parse(readFileSync(join(dist, name), "utf8")).sources);
  const libraries = new Set(sources.flatMap((source) => source.match(/(?<=node_modules\/)(@[^/]+\/)?[^/]+/)?.[0] ?? []));
  assert.ok(libraries.has("ws") && libraries.size > 2, [...libraries].join());
  libraries.forEach(assertLicence);
});

test("the licence of every linked crate and of the standard library is included", () => {
  const parameters = ["--target", "wasm32-unknown-unknown", "--edges", "normal,no-proc-macro", "--features", "engine-client", "--prefix", "none"];
  const tree = execFileSync("cargo", ["tree", ...parameters], { cwd: fileURLToPath(new URL("../../../", import.meta.url)), encoding: "utf8" });
  const crates = new Set(tree.split("\n").flatMap((line) => line.match(/^(\S+) v(\S+)/)?.slice(1, 3).join(" ") ?? []));
  const [own, ...others] = crates; // the tree begins with this crate
  assert.ok(own.startsWith("socketio-wasm ") && others.length > 2, tree);
  others.forEach(assertLicence);
  assertLicence("The Rust Standard Library");
});
