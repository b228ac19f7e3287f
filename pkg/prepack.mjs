// npm runs this before it packs. It checks that the package is built, and copies the documents that lie elsewhere in the project.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { posix } from "node:path";

const at = (path) => new URL(path, import.meta.url);

/** The copied files, by their paths in the project and in the package. README.md links the documents. */
const COPIED = ["LICENSE", "CHANGELOG.md", "docs/guide-javascript.md"];

/** Other places of the project that are in the package: where, and the label of a link if it is another. */
const PACKED = {
  ...Object.fromEntries(COPIED.map((path) => [path, { path }])),
  "pkg/README.md": { path: "README.md" },
  "pkg/types": { path: "dist/index.d.ts", label: "`dist/index.d.ts`" },
};

/** Returns a document with links that are right in the package. A link to a file that is not packed becomes plain prose. */
function withPackedLinks(path, document) {
  return document.replaceAll(/\[([^\]]*)\]\(([^)\s#]+)(#[^)\s]*)?\)/g, (link, label, target, anchor = "") => {
    if (/^[a-z]+:/.test(target)) return link;
    const found = PACKED[posix.join(posix.dirname(path), target)];
    if (!found) return `${label} (in the repository)`;
    return `[${found.label ?? label}](${posix.relative(posix.dirname(path), found.path)}${anchor})`;
  });
}

if (!existsSync(at("dist/node.mjs"))) {
  console.error("prepack: dist/ is not built: run `make build`, or `npm run build` in pkg/");
  process.exit(1);
}
mkdirSync(at("docs"), { recursive: true });
// A rename replaces a file at once: another npm may be packing the same folder at this moment.
for (const path of COPIED) {
  const making = at(`.packing-${process.pid}`);
  writeFileSync(making, withPackedLinks(path, readFileSync(at(`../${path}`), "utf8")));
  renameSync(making, at(path));
}
