// What a page downloads: every entry point of the package, and small applications, each bundled and minified by esbuild.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const PACKAGE = new URL("../../pkg/", import.meta.url);
const TESTS = new URL("../../tests/", import.meta.url);
const LIMIT = 20_000; // bytes after gzip, of the smallest way to have a Client

const { build } = createRequire(new URL("package.json", PACKAGE))("esbuild");
const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });

/** The files that an application of this text is, in a folder whose packages it may import. */
async function bundled(text, folder) {
  const { outputFiles } = await build({
    stdin: { contents: text, resolveDir: fileURLToPath(folder) },
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none",
    logLevel: "error",
    write: false,
    outdir: "out",
    external: text.includes("/serializers/") ? [] : ["./serializers/*"],
  });
  const scripts = outputFiles.map(({ contents }) => Buffer.from(contents));
  // A module that is fetched apart stands in the script by its name.
  const names = scripts.flatMap((script) => [...script.toString().matchAll(/["'`/](\w+\.wasm)["'`]/g)].map(([, name]) => name));
  const modules = [...new Set(names)].map((name) => readFile(new URL(`dist/${basename(name)}`, PACKAGE)));
  return [...scripts, ...(await Promise.all(modules))];
}

const sum = (files, bytesOf) => files.reduce((total, file) => total + bytesOf(file), 0);

/**
 * @returns {Promise<{ title: string, raw: number, gzip: number, brotli: number, limit?: number }[]>} in bytes; `limit` is of `gzip`
 */
export async function sizes() {
  const { exports } = JSON.parse(await readFile(new URL("package.json", PACKAGE), "utf8"));
  const entries = Object.keys(exports).filter((name) => name !== "./package.json").map((name) => name.replace(/^\./, "socketio-wasm"));
  const smallest = entries.includes("socketio-wasm/slim") ? "socketio-wasm/slim" : "socketio-wasm";
  const application = (name, from) => `import { ${name} } from "${from}"; globalThis.made = ${name};`;
  const wanted = [
    ...entries.map((name) => ({ title: name, text: `export * from "${name}";`, folder: PACKAGE })),
    { title: `an application of Client alone, from ${smallest}`, text: application("Client", smallest), folder: PACKAGE, limit: LIMIT },
    { title: "an application of io alone, from socket.io-client", text: application("io", "socket.io-client"), folder: TESTS },
    { title: "the same with socket.io-msgpack-parser", text: `${application("io", "socket.io-client")} import parser from "socket.io-msgpack-parser"; globalThis.parser = parser;`, folder: TESTS },
  ];
  return Promise.all(
    wanted.map(async ({ title, text, folder, limit }) => {
      const files = await bundled(text, folder);
      return { title, raw: sum(files, (file) => file.length), gzip: sum(files, (file) => gzipSync(file, { level: 9 }).length), brotli: sum(files, (file) => brotli(file).length), limit };
    }),
  );
}
