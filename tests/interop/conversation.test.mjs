// The conversation with real servers: those that `make test` covers, or all if INTEROP is "all".
import { describe } from "node:test";
import { converse } from "./conversation.mjs";
import { SERVERS } from "./servers.mjs";

describe("the conversation with", { concurrency: 3 }, () => {
  for (const [name, row] of Object.entries(SERVERS)) {
    if (row.always || process.env.INTEROP === "all") converse(name, row);
  }
});
