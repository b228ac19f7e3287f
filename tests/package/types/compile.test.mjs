// The type declarations compile in users' programs: with strict options, with each module resolution, with the oldest supported
// TypeScript and with the newest, in a document, in a worker, and in Node.
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
const project = mkdtempSync(join(folder, "types-")); // below the installed package, so that imports find it
after(() => rmSync(project, { recursive: true }));

/** Copies the programs as files with each extension, and returns their paths. */
function filesOf(extensions, wanted = names) {
  return extensions.flatMap((extension) =>
    wanted.map((name) => {
      const path = join(project, name.replace(".ts", extension));
      copyFileSync(join(sources, name), path);
      return path;
    }),
  );
}

// The libraries of each platform.
const PLATFORMS = {
  "a document": { lib: ["es2022", "dom"], types: [] },
  // Its library declares the symbols of `await using`, as the package does.
  "a document of the newest language": { lib: ["esnext", "dom"], types: [] },
  "a worker's scope": { lib: ["es2022", "webworker"], types: [] },
  // The types of Node before 22 have no WebSocket.
  Node: { lib: ["es2022"], types: ["node"], typeRoots: [fileURLToPath(new URL("../../../pkg/node_modules/@types", import.meta.url))] },
};

// Before 5.2 the language has no `await using`.
const spelling = (text, { version }) => (/^5\.[01]\./.test(version) ? text.replaceAll("await using", "const") : text);

for (const name of ["typescript-5.0", "typescript-5.2", "typescript"]) {
  const { ts, program, faults } = compiler(name);
  describe(`types compile with TypeScript ${ts.version}`, () => {
    for (const { extensions, ...way } of WAYS) {
      test(`with moduleResolution ${way.moduleResolution}`, () => {
        const texts = filesOf(extensions).map((path) => [path, spelling(readFileSync(path, "utf8"), ts)]);
        const files = texts.map(([path]) => path);
        assert.equal(faults(program(files, { ...STRICT, ...way, ...PLATFORMS["a document"] }, new Map(texts))), "");
      });
    }
  });
}

test("the TypeScript of the package's README compiles", () => {
  const { program, faults } = compiler();
  const blocks = readFileSync(new URL("../../../pkg/README.md", import.meta.url), "utf8").matchAll(/```ts\n([^]*?)```/g);
  const texts = new Map([...blocks].map(([, text], index) => [join(project, `readme-${index}.ts`), text]));
  assert.ok(texts.size > 0);
  const { extensions, ...way } = WAYS.at(-1);
  assert.equal(faults(program([...texts.keys()], { ...STRICT, ...way, ...PLATFORMS["a document"] }, texts)), "");
});

// The compiler of this version is a separate program.
const installed = createRequire(new URL("../../../pkg/package.json", import.meta.url)).resolve("typescript/package.json");

describe(`types compile with TypeScript ${JSON.parse(readFileSync(installed, "utf8")).version}`, () => {
  for (const [platform, options] of Object.entries(PLATFORMS)) {
    for (const { extensions, ...way } of WAYS) {
      test(`with moduleResolution ${way.moduleResolution} in ${platform}`, () => {
        const wanted = platform === "Node" ? names.filter((name) => name !== "globals.ts") : names;
        const config = join(project, "tsconfig.json");
        writeFileSync(config, JSON.stringify({ compilerOptions: { ...STRICT, ...way, ...options }, files: filesOf(extensions, wanted) }));
        const { status, stdout } = spawnSync(process.execPath, [join(dirname(installed), "bin/tsc"), "--project", config], { encoding: "utf8" });
        assert.equal(status, 0, stdout);
      });
    }
  }
});
