// TypeScript 5 as a library: programs over the installed package, with the standard library's declarations read once.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { folder } from "./installed.mjs";

const require = createRequire(import.meta.url);

/** Where the package's declarations are. */
export const declarations = join(folder, "node_modules/socketio-wasm/dist");

/** As strict as a consumer may be. */
export const STRICT = {
  target: "es2022",
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  declaration: true, // what the consumer exports without a type gets one in writing
  noEmit: true,
};

/** The ways to resolve a package, and what the files are called that find it by each. */
export const WAYS = [
  { module: "node16", moduleResolution: "node16", extensions: [".mts", ".cts"] },
  { module: "esnext", moduleResolution: "bundler", extensions: [".ts"] },
];

/**
 * A compiler.
 * @param {string} [name] of the npm package
 */
export function compiler(name = "typescript") {
  const ts = require(name);
  const standard = dirname(ts.getDefaultLibFilePath({}));
  const read = new Map();

  /**
   * A program.
   * @param {string[]} files
   * @param {object} options as tsconfig.json has them
   * @param {Map<string, string>} [texts] the texts of files, in place of those on the disk
   */
  function program(files, options, texts = new Map()) {
    const { options: known, errors } = ts.convertCompilerOptionsFromJson(options, folder);
    if (errors.length > 0) throw new Error(show(errors));
    const host = ts.createCompilerHost(known);
    const { fileExists, readFile, getSourceFile } = host;
    host.fileExists = (path) => texts.has(path) || fileExists(path);
    host.readFile = (path) => texts.get(path) ?? readFile(path);
    host.getSourceFile = (path, target, ...others) => {
      const text = texts.get(path);
      const key = text ?? (dirname(path) === standard ? path : undefined);
      if (key === undefined) return getSourceFile(path, target, ...others);
      if (!read.has(key)) read.set(key, text === undefined ? getSourceFile(path, target, ...others) : ts.createSourceFile(path, text, target, true));
      return read.get(key);
    };
    return ts.createProgram(files, known, host);
  }

  const documents = ts.createDocumentRegistry();

  /** What editors ask, of such a program. */
  function service(files, options, texts) {
    const { options: known } = ts.convertCompilerOptionsFromJson(options, folder);
    const read = (path) => texts.get(path) ?? ts.sys.readFile(path);
    const host = {
      ...ts.sys,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      fileExists: (path) => texts.has(path) || ts.sys.fileExists(path),
      readFile: read,
      getCurrentDirectory: () => folder,
      getCompilationSettings: () => known,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      getScriptFileNames: () => files,
      getScriptVersion: (path) => texts.get(path) ?? "as it is on the disk",
      getScriptSnapshot: (path) => ts.ScriptSnapshot.fromString(read(path)),
    };
    return ts.createLanguageService(host, documents);
  }

  /** What is wrong with a program, in words; "" where nothing is. The standard library's own files are not gone through. */
  const faults = (program) => {
    const files = program.getSourceFiles().filter((file) => !program.isSourceFileDefaultLibrary(file));
    const inFiles = files.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]);
    return show([...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics(), ...inFiles, ...program.getDeclarationDiagnostics()]);
  };

  const show = (diagnostics) =>
    ts.formatDiagnostics(diagnostics, { getCanonicalFileName: (path) => path, getCurrentDirectory: () => folder, getNewLine: () => "\n" });

  return { ts, program, service, faults };
}
