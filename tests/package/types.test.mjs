// The type declarations, as a consumer's compiler sees them: strictly, with every way to resolve the package.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { folder } from "../support/installed.mjs";

const tsc = join(dirname(createRequire(new URL("../../pkg/package.json", import.meta.url)).resolve("typescript/package.json")), "bin/tsc");
const source = fileURLToPath(new URL("types/client.ts", import.meta.url));
const project = mkdtempSync(join(folder, "types-")); // below the installed package, so that it is found
after(() => rmSync(project, { recursive: true }));

const WAYS = [
  { module: "node16", moduleResolution: "node16", file: "esm.mts" },
  { module: "node16", moduleResolution: "node16", file: "commonjs.cts" },
  { module: "esnext", moduleResolution: "bundler", file: "bundled.ts" },
];

for (const { file, ...options } of WAYS) {
  test(`types compile with moduleResolution ${options.moduleResolution}, ${file}`, () => {
    copyFileSync(source, join(project, file));
    const compilerOptions = { ...options, target: "es2022", lib: ["es2022", "dom"], types: [], strict: true, skipLibCheck: false, noEmit: true };
    const config = join(project, `${file}.json`);
    writeFileSync(config, JSON.stringify({ compilerOptions: { ...compilerOptions, exactOptionalPropertyTypes: true }, files: [file] }));
    const { status, stdout } = spawnSync(process.execPath, [tsc, "--project", config], { encoding: "utf8" });
    assert.equal(status, 0, stdout);
  });
}
