// TypeScript 5 as a library: programs with the installed package; the declarations of the standard library are read only once.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { folder } from "./installed.mjs";

const require = createRequire(import.meta.url);

/** The folder of the package's declarations. */
export const declarations = join(folder, "node_modules/socketio-wasm/dist");

/** The strictest options that a user may have. */
export const STRICT = {
  target: "es2022",
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  declaration: true, // so that inferred types of exports are written out
  noEmit: true,
};

/** The ways to resolve a package, and the extensions of files for each. */
export const WAYS = [
  { module: "node16", moduleResolution: "node16", extensions: [".mts", ".cts"] },
  { module: "esnext", moduleResolution: "bundler", extensions: [".ts"] },
];

/**
 * Returns a compiler.
 * @param {string} [name] of the npm package
 */
export function compiler(name = "typescript") {
  const ts = require(name);
  const standard = dirname(ts.getDefaultLibFilePath({}));
  const read = new Map();

  /**
   * Returns a program.
   * @param {string[]} files
   * @param {object} options as tsconfig.json has them
   * @param {Map<string, string>} [contents] of files, in place of those on the disk
   */
  function program(files, options, contents = new Map()) {
    const { options: known, errors } = ts.convertCompilerOptionsFromJson(options, folder);
    if (errors.length > 0) throw new Error(show(errors));
    const host = ts.createCompilerHost(known);
    const { fileExists, readFile, getSourceFile } = host;
    host.fileExists = (path) => contents.has(path) || fileExists(path);
    host.readFile = (path) => contents.get(path) ?? readFile(path);
    host.getSourceFile = (path, target, ...others) => {
      const text = contents.get(path);
      const key = text ?? (dirname(path) === standard ? path : undefined);
      if (key === undefined) return getSourceFile(path, target, ...others);
      if (!read.has(key)) read.set(key, text === undefined ? getSourceFile(path, target, ...others) : ts.createSourceFile(path, text, target, true));
      return read.get(key);
    };
    return ts.createProgram(files, known, host);
  }

  const documents = ts.createDocumentRegistry();

  /** Returns the language service of such a program, which editors use. */
  function service(files, options, contents) {
    const { options: known } = ts.convertCompilerOptionsFromJson(options, folder);
    const read = (path) => contents.get(path) ?? ts.sys.readFile(path);
    const host = {
      ...ts.sys,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      fileExists: (path) => contents.has(path) || ts.sys.fileExists(path),
      readFile: read,
      getCurrentDirectory: () => folder,
      getCompilationSettings: () => known,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      getScriptFileNames: () => files,
      getScriptVersion: (path) => contents.get(path) ?? "on the disk",
      getScriptSnapshot: (path) => ts.ScriptSnapshot.fromString(read(path)),
    };
    return ts.createLanguageService(host, documents);
  }

  /** Returns the errors of a program as a string, "" without any. The files of the standard library are not checked. */
  const faults = (program) => {
    const files = program.getSourceFiles().filter((file) => !program.isSourceFileDefaultLibrary(file));
    const inFiles = files.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]);
    return show([...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics(), ...inFiles, ...program.getDeclarationDiagnostics()]);
  };

  const show = (diagnostics) =>
    ts.formatDiagnostics(diagnostics, { getCanonicalFileName: (path) => path, getCurrentDirectory: () => folder, getNewLine: () => "\n" });

  return { ts, program, service, faults };
}
