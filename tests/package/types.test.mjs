// The type declarations, as a consumer's compiler sees them: strictly, with every way to resolve the package, by the oldest
// TypeScript that can and by the newest, where there is a document, a worker's scope, or Node.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { folder } from "../support/installed.mjs";
import { compiler, STRICT, WAYS } from "../support/typescript.mjs";

const sources = fileURLToPath(new URL("types/", import.meta.url));
const names = readdirSync(sources);
const project = mkdtempSync(join(folder, "types-")); // below the installed package, so that it is found
after(() => rmSync(project, { recursive: true }));

/** The files of the tests, as modules of each of these kinds. */
function filesOf(extensions, wanted = names) {
  return extensions.flatMap((extension) =>
    wanted.map((name) => {
      const path = join(project, name.replace(".ts", extension));
      copyFileSync(join(sources, name), path);
      return path;
    }),
  );
}

// What stands beside the language itself.
const PLATFORMS = {
  "a document": { lib: ["es2022", "dom"], types: [] },
  "a worker's scope": { lib: ["es2022", "webworker"], types: [] },
  // Its types know no WebSocket before Node 22.
  Node: { lib: ["es2022"], types: ["node"], typeRoots: [fileURLToPath(new URL("../../pkg/node_modules/@types", import.meta.url))] },
};

for (const name of ["typescript-5.2", "typescript"]) {
  const { ts, program, faults } = compiler(name);
  describe(`types compile with TypeScript ${ts.version}`, () => {
    for (const { extensions, ...way } of WAYS) {
      test(`moduleResolution ${way.moduleResolution}`, () => {
        assert.equal(faults(program(filesOf(extensions), { ...STRICT, ...way, ...PLATFORMS["a document"] })), "");
      });
    }
  });
}

test("what the package's README shows in TypeScript compiles", () => {
  const { program, faults } = compiler();
  const blocks = readFileSync(new URL("../../pkg/README.md", import.meta.url), "utf8").matchAll(/```ts\n([^]*?)```/g);
  const texts = new Map([...blocks].map(([, text], index) => [join(project, `readme-${index}.ts`), text]));
  assert.ok(texts.size > 0);
  const { extensions, ...way } = WAYS.at(-1);
  assert.equal(faults(program([...texts.keys()], { ...STRICT, ...way, ...PLATFORMS["a document"] }, texts)), "");
});

test("types compile with TypeScript 5.0 and skipLibCheck, without `await using`", () => {
  const { ts, program, faults } = compiler("typescript-5.0");
  const { extensions, ...way } = WAYS.at(-1);
  const files = filesOf(extensions);
  const texts = new Map(files.map((path) => [path, readFileSync(path, "utf8").replaceAll("await using", "const")]));
  assert.match(ts.version, /^5\.0/);
  assert.equal(faults(program(files, { ...STRICT, ...way, ...PLATFORMS["a document"], skipLibCheck: true }, texts)), "");
});

// Its compiler is a program of its own.
const installed = createRequire(new URL("../../pkg/package.json", import.meta.url)).resolve("typescript/package.json");

describe(`types compile with TypeScript ${JSON.parse(readFileSync(installed, "utf8")).version}`, () => {
  for (const [platform, options] of Object.entries(PLATFORMS)) {
    for (const { extensions, ...way } of WAYS) {
      test(`moduleResolution ${way.moduleResolution} in ${platform}`, () => {
        const wanted = platform === "Node" ? names.filter((name) => name !== "globals.ts") : names;
        const config = join(project, "tsconfig.json");
        writeFileSync(config, JSON.stringify({ compilerOptions: { ...STRICT, ...way, ...options }, files: filesOf(extensions, wanted) }));
        const { status, stdout } = spawnSync(process.execPath, [join(dirname(installed), "bin/tsc"), "--project", config], { encoding: "utf8" });
        assert.equal(status, 0, stdout);
      });
    }
  }
});
