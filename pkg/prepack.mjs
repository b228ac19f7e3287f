// Run by npm before it packs: what is packed must be built, and carries what the project has one of, beside this folder.
import { copyFileSync, existsSync, renameSync } from "node:fs";

const at = (path) => new URL(path, import.meta.url);

if (!existsSync(at("dist/node.mjs"))) {
  console.error("prepack: dist/ is not built: run `make build`, or `npm run build` in pkg/");
  process.exit(1);
}
// Put there as a whole, since another npm may be packing the same folder at this moment.
for (const name of ["LICENSE", "CHANGELOG.md"]) {
  const making = at(`.packing-${process.pid}`);
  copyFileSync(at(`../${name}`), making);
  renameSync(making, at(name));
}
