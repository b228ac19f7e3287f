// The type declarations in dist/: the files of types/ as one file, for `import` and for `require`.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Writes each file twice: the types of a CommonJS module can only import types of CommonJS modules. */
export async function declare(folder) {
  const at = (...path) => join(folder, ...path);
  const names = (await readdir(at("types"))).sort();
  const texts = await Promise.all(names.map((name) => readFile(at("types", name), "utf8")));
  const imports = /^import type \{[^}]*\} from "\.\/[^"]+";\n/gm;
  // Without the last line, TypeScript would export every declaration of the file.
  const parts = [...texts.map((text) => text.replace(imports, "")), "export {};\n"];
  const whole = parts.join("\n");
  for (const name of ["index.d.ts", "index.d.cts"]) await writeFile(at("dist", name), whole);
  for (const name of ["slim", "testing"]) {
    const entry = await readFile(at("entry", `${name}.d.ts`), "utf8");
    await writeFile(at("dist", `${name}.d.ts`), entry);
    await writeFile(at("dist", `${name}.d.cts`), entry.replaceAll('"./index.js"', '"./index.cjs"'));
  }
  await writeFile(at("dist", "slim.wasm.d.ts"), await readFile(at("entry", "slim.wasm.d.ts"), "utf8"));
}
