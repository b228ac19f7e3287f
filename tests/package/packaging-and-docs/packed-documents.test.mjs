// The documents in the packed package: their links lead to files of the package.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, test } from "node:test";
import { folder } from "../../support/installed.mjs";

// npm has unpacked the tarball here.
const installed = join(folder, "node_modules/socketio-wasm");
const documents = readdirSync(installed, { recursive: true }).filter((path) => path.endsWith(".md") && !path.includes("node_modules"));

/** Returns a document without its programs, in which brackets are no links. */
const prose = (path) => readFileSync(join(installed, path), "utf8").replaceAll(/^```[^]*?^```$/gm, "");

/** Returns the anchors of the headings of a document, as repositories and npm make them. */
function anchors(path) {
  const count = new Map();
  return [...prose(path).matchAll(/^#+ (.*)$/gm)].map(([, title]) => {
    const plain = title.toLowerCase().replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const anchor = plain.replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
    const before = count.get(anchor) ?? 0;
    count.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

/** Returns the links of a document to files: [target, anchor]. */
const links = (path) => {
  const targets = [...prose(path).matchAll(/\]\(([^)\s]*)\)|^\[[^\]]+\]:\s*(\S+)|(?:href|src)="([^"]*)"/gm)].map((found) => found.slice(1).find((one) => one !== undefined));
  return targets.filter((target) => !/^[a-z]+:/.test(target)).map((target) => target.split("#"));
};

/** Returns the reason why a link is dead, or undefined. */
function fault(path, [target, anchor]) {
  const file = target === "" ? join(installed, path) : join(installed, dirname(path), target);
  const inside = relative(installed, file);
  if (inside.startsWith("..") || !existsSync(file) || !statSync(file).isFile()) return "no such file in the package";
  if (anchor !== undefined && !anchors(inside).includes(anchor)) return "no such heading";
}

describe("each relative link of a packed document leads to a packed file and its heading:", () => {
  for (const path of documents) {
    test(path, () => {
      const dead = links(path).map((link) => [link.join("#"), fault(path, link)]);
      assert.deepEqual(dead.filter(([, why]) => why !== undefined), []);
    });
  }
});

test("the package's page links the guide, and the guide links back", () => {
  assert.deepEqual(documents.sort(), ["CHANGELOG.md", "README.md", "docs/guide-javascript.md"]);
  assert.ok(links("README.md").some(([target]) => target === "docs/guide-javascript.md"));
  const back = links("docs/guide-javascript.md").map((link) => link.join("#"));
  for (const expected of ["../README.md#in-typescript", "../dist/index.d.ts"]) assert.ok(back.includes(expected), expected);
});

test("a packed document names a file of the repository that is not packed without a link", () => {
  assert.match(prose("docs/guide-javascript.md"), /`www\/outbox\.js` \(in the repository\)/);
});
