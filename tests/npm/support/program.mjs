// Tests of the programs in projects/program: the same in every runtime that runs files.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { HEARD, createProject, run, startServers } from "./project.mjs";

/** By the way they load the package: their files and the expected results. The serializers only need the server of MessagePack. */
const PROGRAMS = {
  import: ["esm.mjs", HEARD],
  require: ["commonjs.cjs", HEARD],
  "import of slim": ["slim.mjs", HEARD],
  "require of slim": ["slim.cjs", HEARD],
  "import of the serializers": ["serializers.mjs", HEARD.slice(0, -1)],
  "import in a thread": ["thread.mjs", HEARD],
};

// They exist until the tests of the file end.
const project = createProject({ after }, "program");
const servers = JSON.stringify(await startServers({ after }));

/**
 * Defines a test for each program: it prints the expected result, and ends by itself.
 * @param {string} runtime a name for titles
 * @param {string[]} command the path of the runtime, and parameters
 * @param {(keyof typeof PROGRAMS)[]} [ways] of loading the package, by default all
 */
export function testPrograms(runtime, [command, ...parameters], ways = Object.keys(PROGRAMS)) {
  describe(runtime, () => {
    for (const way of ways) {
      const [file, heard] = PROGRAMS[way];
      test(`${way} works`, async () => assert.deepEqual(JSON.parse(await run(project, command, ...parameters, file, servers)), heard));
    }
  });
}

/** The same for a Node. Newer versions can load an ES module by require(), which would hide a missing CommonJS entry. */
export function testNode(name, path) {
  testPrograms(name, [path]);
  testPrograms(`${name} whose require() loads only CommonJS`, [path, "--no-experimental-require-module"], ["require", "require of slim"]);
}
