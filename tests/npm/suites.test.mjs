// The package's own tests of what depends on the runtime, run by Deno and by Bun as Node runs them: headers, refusals and their
// words, cookies, certificates, proxies, agents, lost connections.
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { run, tool } from "./support/project.mjs";

const SUITES = fileURLToPath(new URL("../package/", import.meta.url));

// Of some, one of their tables; where there is none of that name, Bun fails.
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
      test(suite, () => run(SUITES, ...command(part), `./${suite}.test.mjs`));
    }
  });
}
