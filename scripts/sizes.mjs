// Measures downloads: every entry point of the published package, and small applications, bundled and minified.
import { mkdtemp, mkdir, readFile, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const PACKAGE = fileURLToPath(new URL("../pkg/", import.meta.url));
const TESTS = fileURLToPath(new URL("../tests/", import.meta.url));

/** The aim for the smallest application with a Client, in bytes after gzip. */
const LIMIT = 20_000;

// Ceilings are a little above the present sizes, in bytes after gzip: a change that makes the package larger must be noticed and intended.
const ENTRIES = [
  { title: "socketio-wasm", files: ["dist/browser.js"], ceiling: 87_150 },
  { title: "socketio-wasm/slim", files: ["dist/slim.js", "dist/slim.wasm"], ceiling: 75_300, limit: LIMIT },
  { title: "socketio-wasm/slim, its script", files: ["dist/slim.js"], ceiling: 23_900 },
  { title: "socketio-wasm/slim, its wasm", files: ["dist/slim.wasm"], ceiling: 51_600 },
  { title: "socketio-wasm/serializers/msgpack", files: ["dist/serializers/msgpack.js"], ceiling: 7_500 },
  { title: "socketio-wasm/serializers/cbor", files: ["dist/serializers/cbor.js"], ceiling: 8_800 },
  { title: "socketio-wasm/serializers/pickle", files: ["dist/serializers/pickle.js"], ceiling: 4_150 },
];

const application = (name, from) => `import { ${name} } from "${from}"; globalThis.made = ${name};`;

// An application may fetch further files by itself.
const APPLICATIONS = [
  { title: "an application of Client alone, from socketio-wasm", text: application("Client", "socketio-wasm"), ceiling: 87_500 },
  {
    title: "an application of Client alone, from socketio-wasm/slim",
    text: `import { init } from "socketio-wasm/slim"; init(); ${application("Client", "socketio-wasm/slim")}`,
    beside: ["dist/slim.wasm"],
    ceiling: 75_700,
    limit: LIMIT,
  },
  { title: "an application of io alone, from socket.io-client", text: application("io", "socket.io-client") },
  {
    title: "the same with socket.io-msgpack-parser",
    text: `${application("io", "socket.io-client")} import parser from "socket.io-msgpack-parser"; globalThis.parser = parser;`,
  },
];

/**
 * @returns {Promise<{ title: string, files?: string[], raw: number, gzip: number, brotli: number, limit?: number, ceiling?: number }[]>} in bytes;
 *   `limit` (the aim) and `ceiling` are sizes after gzip
 */
export async function sizes() {
  const inPackage = (names) => Promise.all(names.map((name) => readFile(join(PACKAGE, name))));
  const entries = ENTRIES.map(async (row) => measured(row, await inPackage(row.files)));
  const folder = await mkdtemp(join(tmpdir(), "socketio-wasm-sizes-"));
  try {
    await mkdir(join(folder, "node_modules"));
    await symlink(PACKAGE, join(folder, "node_modules", "socketio-wasm"));
    const applications = APPLICATIONS.map(async ({ text, beside = [], ...row }) => {
      return measured(row, [await bundled(text, folder), ...(await inPackage(beside))]);
    });
    return await Promise.all([...entries, ...applications]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function measured(row, files) {
  const sum = (bytesOf) => files.reduce((total, file) => total + bytesOf(file).length, 0);
  return {
    ...row,
    raw: sum((file) => file),
    gzip: sum((file) => gzipSync(file, { level: 9 })),
    brotli: sum((file) => brotliCompressSync(file, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })),
  };
}

/** Returns the one script that an application becomes; serializers stay files of their own. */
async function bundled(text, folder) {
  const { build } = createRequire(join(PACKAGE, "package.json"))("esbuild");
  const { outputFiles } = await build({
    stdin: { contents: text, resolveDir: folder },
    nodePaths: [join(TESTS, "node_modules")],
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none",
    logLevel: "error",
    write: false,
    outdir: "out",
    external: ["./serializers/*"],
  });
  return outputFiles[0].contents;
}
