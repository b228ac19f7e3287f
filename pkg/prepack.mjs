// npm runs this before it packs. It checks that the package is built, and copies the files that lie in the root of the project.
import { copyFileSync, existsSync, renameSync } from "node:fs";

const at = (path) => new URL(path, import.meta.url);

if (!existsSync(at("dist/node.mjs"))) {
  console.error("prepack: dist/ is not built: run `make build`, or `npm run build` in pkg/");
  process.exit(1);
}
// A rename replaces a file at once: another npm may be packing the same folder at this moment.
for (const name of ["LICENSE", "CHANGELOG.md"]) {
  const making = at(`.packing-${process.pid}`);
  copyFileSync(at(`../${name}`), making);
  renameSync(making, at(name));
}
