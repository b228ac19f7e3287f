// The type declarations, as a consumer's compiler sees them: strictly, with every way to resolve the package.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { folder } from "../support/installed.mjs";

const tsc = join(dirname(createRequire(new URL("../../pkg/package.json", import.meta.url)).resolve("typescript/package.json")), "bin/tsc");
const sources = fileURLToPath(new URL("types/", import.meta.url));
const project = mkdtempSync(join(folder, "types-")); // below the installed package, so that it is found
after(() => rmSync(project, { recursive: true }));

const WAYS = [
  { module: "node16", moduleResolution: "node16", extension: ".mts" },
  { module: "node16", moduleResolution: "node16", extension: ".cts" },
  { module: "esnext", moduleResolution: "bundler", extension: ".ts" },
];

for (const { extension, ...options } of WAYS) {
  test(`types compile with moduleResolution ${options.moduleResolution}, *${extension}`, () => {
    const files = readdirSync(sources).map((name) => name.replace(".ts", extension));
    for (const file of files) copyFileSync(join(sources, file.replace(extension, ".ts")), join(project, file));
    const compilerOptions = { ...options, target: "es2022", lib: ["es2022", "dom"], types: [], strict: true, skipLibCheck: false, noEmit: true };
    const config = join(project, `config${extension}.json`);
    writeFileSync(config, JSON.stringify({ compilerOptions: { ...compilerOptions, exactOptionalPropertyTypes: true }, files }));
    const { status, stdout } = spawnSync(process.execPath, [tsc, "--project", config], { encoding: "utf8" });
    assert.equal(status, 0, stdout);
  });
}
