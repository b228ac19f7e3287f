// Programs that talk, those of projects/program: the same in every runtime that runs files.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { HEARD, createProject, run, startServers } from "./project.mjs";

/** By how they get the package: their files, and what they hear, that of the serializers from the server of MessagePack alone. */
const PROGRAMS = {
  import: ["esm.mjs", HEARD],
  require: ["commonjs.cjs", HEARD],
  "import of slim": ["slim.mjs", HEARD],
  "require of slim": ["slim.cjs", HEARD],
  "import of the serializers": ["serializers.mjs", HEARD.slice(0, -1)],
  "import in a thread": ["thread.mjs", HEARD],
};

// Until the tests of the file end.
const project = createProject({ after }, "program");
const servers = JSON.stringify(await startServers({ after }));

/**
 * Defines a test for each program: it hears what it should, and ends by itself.
 * @param {string} runtime for people
 * @param {string[]} command what runs a file: a program's path, and parameters
 * @param {(keyof typeof PROGRAMS)[]} [ways] of getting the package, by default all
 */
export function testPrograms(runtime, [command, ...parameters], ways = Object.keys(PROGRAMS)) {
  describe(runtime, () => {
    for (const way of ways) {
      const [file, heard] = PROGRAMS[way];
      test(way, async () => assert.deepEqual(JSON.parse(await run(project, command, ...parameters, file, servers)), heard));
    }
  });
}

/** The same with a Node, whose newer versions could load an ES module by require() where the package has no CommonJS. */
export function testNode(name, path) {
  testPrograms(name, [path]);
  testPrograms(`${name}, where require() loads CommonJS alone`, [path, "--no-experimental-require-module"], ["require", "require of slim"]);
}
