// dist/LICENSES: the licences of the libraries that the package's files contain. A copy of a library must come with its licence.
import { existsSync } from "node:fs";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { core, crate, librarySource, run } from "./module.mjs";

// The libraries from npm that are bundled: for the serializers, and for websockets in Node.
const LIBRARIES = ["@msgpack/msgpack", "cborg", "ws"];

/**
 * Writes the file.
 * @param {string} folder the package's
 * @param {string[]} features of cargo, with which the modules are built
 */
export async function licences(folder, features) {
  const mit = await readFile(join(crate, "LICENSE"), "utf8");
  const mitOf = (holders) => mit.replace(/^Copyright .*$/m, `Copyright (c) ${holders}`);
  const libraries = LIBRARIES.map((name) => ofLibrary(join(folder, "node_modules", name)));
  const crates = (await linkedCrates(features)).map((one) => ofCrate(one, mitOf));
  const parts = await Promise.all([...libraries, ...crates, ...standardLibrary(mitOf)]);
  const rule = `\n${"-".repeat(80)}\n\n`;
  await writeFile(join(folder, "dist", "LICENSES"), parts.map(({ title, texts }) => `${title}\n\n${texts.join("\n")}`).join(rule));
}

async function ofLibrary(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  return { title: `${name} ${version} (npm, ${license})`, texts: [await readFile(join(folder, "LICENSE"), "utf8")] };
}

/** Returns the crates that cargo links into the modules, without our own. Only the linker knows which part of their code remains. */
async function linkedCrates(features) {
  const target = ["--filter-platform", "wasm32-unknown-unknown", "--features", features.join()];
  const { packages, resolve } = JSON.parse(await run("cargo", ["metadata", "--format-version", "1", "--manifest-path", join(core, "Cargo.toml"), ...target]));
  const crates = new Map(packages.map((one) => [one.id, one]));
  const dependencies = new Map(resolve.nodes.map(({ id, deps }) => [id, deps]));
  // A procedural macro and its dependencies run while a crate is compiled, and are not linked.
  const isLinked = ({ pkg, dep_kinds }) =>
    dep_kinds.some(({ kind }) => kind === null) && !crates.get(pkg).targets.some(({ kind }) => kind.includes("proc-macro"));
  const linked = new Set([resolve.root]);
  for (const id of linked) for (const dependency of dependencies.get(id).filter(isLinked)) linked.add(dependency.pkg);
  // Our own crates, the module's and the client's, have no source to download.
  return [...linked].map((id) => crates.get(id)).filter(({ source }) => source !== null).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Chooses MIT's licence if a crate offers several. */
async function ofCrate({ name, version, license, authors, manifest_path }, mitOf) {
  const folder = dirname(manifest_path);
  const found = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|unlicense)/i.test(file)).sort();
  const taken = found.some((file) => /mit/i.test(file)) ? found.filter((file) => !/apache/i.test(file)) : found;
  const texts = await Promise.all(taken.map((file) => readFile(join(folder, file), "utf8")));
  if (texts.length === 0) {
    // Some crates come without the text. The text of MIT's licence is known, except for the holder of the copyright.
    if (!license?.split(" OR ").includes("MIT")) throw new Error(`the crate ${name} ${version} comes without the text of its licence, ${license}`);
    texts.push(mitOf(authors.join(", ") || `the authors of ${name}`));
  }
  return { title: `${name} ${version} (crate, ${license})`, texts };
}

/** Returns the licences of Rust's standard library, which cargo does not list. A release builds it from source, which has the licences. */
function standardLibrary(mitOf) {
  const builtins = join(librarySource(), "compiler-builtins", "LICENSE.txt");
  const std = { title: "The Rust Standard Library (MIT OR Apache-2.0)", texts: [mitOf("The Rust Project Contributors")] };
  if (!existsSync(builtins)) return [std];
  return [std, readFile(builtins, "utf8").then((text) => ({ title: "compiler-builtins and libm (MIT AND Apache-2.0 WITH LLVM-exception)", texts: [text] }))];
}
