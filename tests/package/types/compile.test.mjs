// The type declarations, as a consumer's compiler sees them: strictly, with every way to resolve the package, by the oldest
// TypeScript that can and by the newest, where there is a document, a worker's scope, or Node.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { folder } from "../../support/installed.mjs";
import { compiler, STRICT, WAYS } from "../../support/typescript.mjs";

const sources = fileURLToPath(new URL("programs/", import.meta.url));
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
  // Which declares what `await using` needs, as the package does.
  "a document of the newest language": { lib: ["esnext", "dom"], types: [] },
  "a worker's scope": { lib: ["es2022", "webworker"], types: [] },
  // Its types know no WebSocket before Node 22.
  Node: { lib: ["es2022"], types: ["node"], typeRoots: [fileURLToPath(new URL("../../../pkg/node_modules/@types", import.meta.url))] },
};

// Before 5.2 the language has no `await using`.
const spelling = (text, { version }) => (/^5\.[01]\./.test(version) ? text.replaceAll("await using", "const") : text);

for (const name of ["typescript-5.0", "typescript-5.2", "typescript"]) {
  const { ts, program, faults } = compiler(name);
  describe(`types compile with TypeScript ${ts.version}`, () => {
    for (const { extensions, ...way } of WAYS) {
      test(`moduleResolution ${way.moduleResolution}`, () => {
        const texts = filesOf(extensions).map((path) => [path, spelling(readFileSync(path, "utf8"), ts)]);
        const files = texts.map(([path]) => path);
        assert.equal(faults(program(files, { ...STRICT, ...way, ...PLATFORMS["a document"] }, new Map(texts))), "");
      });
    }
  });
}

test("what the package's README shows in TypeScript compiles", () => {
  const { program, faults } = compiler();
  const blocks = readFileSync(new URL("../../../pkg/README.md", import.meta.url), "utf8").matchAll(/```ts\n([^]*?)```/g);
  const texts = new Map([...blocks].map(([, text], index) => [join(project, `readme-${index}.ts`), text]));
  assert.ok(texts.size > 0);
  const { extensions, ...way } = WAYS.at(-1);
  assert.equal(faults(program([...texts.keys()], { ...STRICT, ...way, ...PLATFORMS["a document"] }, texts)), "");
});

// Its compiler is a program of its own.
const installed = createRequire(new URL("../../../pkg/package.json", import.meta.url)).resolve("typescript/package.json");

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
