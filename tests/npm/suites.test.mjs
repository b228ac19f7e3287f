// Runs the package's own tests of behaviour that depends on the runtime in Deno and in Bun: headers, refusals and their messages,
// cookies, certificates, proxies, agents, lost connections.
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { run, tool } from "./support/project.mjs";

const SUITES = fileURLToPath(new URL("../package/", import.meta.url));

// A file of tests, and the name of one of its tables if one is enough. Bun fails if no test has this name.
const PARTS = {
  "connect/requests": "",
  "node/header-bytes": "",
  "node/unsent-requests": "",
  "node/redirects": "a client",
  "namespaces/refusals": "",
  "node/cookies": "",
  "node/tls": "",
  "node/proxy": "",
  "node/node-options": "a npm server",
  "reconnect/reconnection": "npm, upgrade",
};

const RUNTIMES = {
  Deno: (part) => [tool("deno"), "test", "--allow-all", "--no-check", `--filter=${part}`],
  Bun: (part) => [tool("bun"), "test", "--timeout=20000", `--test-name-pattern=${part}`],
};

for (const [name, command] of Object.entries(RUNTIMES)) {
  describe(name, () => {
    for (const [suite, part] of Object.entries(PARTS)) {
      test(`${suite} passes`, () => run(SUITES, ...command(part), `./${suite}.test.mjs`));
    }
  });
}
