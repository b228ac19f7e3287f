// The facade and the crate agree: errors, options and checks have one source, and the same rules in both languages. tests/wasm/errors.rs
// and tests/wasm/misuse.rs ask the same of the crate.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { describe, test } from "node:test";
import { ERRORS, FAULTS } from "../../../pkg/facade/error-table.js";
import { CALL_TIMEOUT_MS, CLIENT_OPTIONS, CONNECT_OPTIONS, ENGINE_CONNECT_OPTIONS, LIMITS, SIMPLE_WAIT_TIMEOUT_MS } from "../../../pkg/facade/option-table.js";
import { toError } from "../../../pkg/facade/to-error.js";
import { options as nodeOptions } from "../../../pkg/platform/node/options.js";
import { newClient } from "../../support/clients.mjs";
import { within } from "../../support/until.mjs";

const read = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

const ROWS = Object.values(ERRORS).flatMap((rows) => Object.entries(rows));

describe("a message of the table", () => {
  for (const [code, [, fields, message]] of ROWS) {
    test(`${code} has no field that the error lacks`, () => {
      const all = typeof message === "string" ? [message] : [...Object.values(message.of), message.else];
      const used = all.flatMap((one) => [...one.matchAll(/\{:?(\w+)\}/g)].map(([, field]) => field));
      const more = ["INVALID_OPTION", "MODULE_UNAVAILABLE"].includes(code) ? ["advice"] : []; // see to-error.js
      assert.deepEqual(used.filter((field) => ![...fields, ...more].includes(field)), []);
    });

    test(`${code} is filled in`, () => {
      const values = fields.map((field) => ({ namespaces: ["/a"], cause: new Error("why"), events: 2, status: 500 })[field] ?? "x");
      const { message: said } = toError(code, ...values);
      assert.doesNotMatch(said, /\{:?\w+\}|undefined|^[A-Z_]+$/);
    });
  }

  test("is chosen by the field's value, and by nothing that every object has", () => {
    assert.match(toError("UNREACHABLE", "polling").message, /^Cannot reach the server over polling\. The browser does not say why/);
    assert.equal(toError("UNREACHABLE", "polling", "constructor").message, "Cannot reach the server over polling: constructor");
    assert.match(toError("NOT_SENT", 1, "/").message, /^1 event of \/ was not sent$/);
    assert.match(toError("NOT_SENT", 2, "/").message, /^2 events of \/ were not sent$/);
  });
});

describe("the fault of a call that a disconnection ends", () => {
  for (const [reason, fault] of Object.entries(FAULTS)) {
    test(`${reason}: ${fault}`, () => {
      for (const code of ["DISCONNECTED", "CONNECTION_ENDED"]) assert.equal(toError(code, reason).fault, fault);
    });
  }
});

describe("a namespace with a control character is refused", () => {
  for (const unit of [0x00, 0x1f, 0x7f, 0x80, 0x85, 0x9f]) {
    test(`U+${unit.toString(16).padStart(4, "0")}`, async (t) => {
      const client = newClient(t);
      const namespaces = `/a${String.fromCharCode(unit)}b`;
      await assert.rejects(client.connect("http://127.0.0.1:1", { namespaces }), { code: "INVALID_NAMESPACE", received: '"/a…"' });
    });
  }

  test("U+00A0, which is none, is not", async (t) => {
    await assert.rejects(newClient(t).connect("http://127.0.0.1:1", { namespaces: "/a\u00a0b" }), { code: "UNREACHABLE" });
  });
});

test("a reserved name in a URL's query is refused, encoded or not", async (t) => {
  for (const query of ["sid=1", "s%69d=1", "E%49O=4", "a=1&transport"]) {
    await assert.rejects(newClient(t).connect(`http://127.0.0.1:1/?${query}`), { code: "INVALID_URL", why: "query" }, query);
  }
});

test("whitespace around a header's value is not sent, from an object and from a function", async (t) => {
  const seen = [];
  const server = createServer((request, response) => {
    seen.push(request.rawHeaders[request.rawHeaders.indexOf("x-token") + 1]);
    response.writeHead(403).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${server.address().port}`;
  const headers = { "x-token": "\t a token \r\n" };
  for (const given of [headers, () => headers]) {
    const refused = assert.rejects(newClient(t).connect(url, { headers: given, transports: "polling" }), { code: "HTTP_STATUS" });
    await within("the refusal", refused);
  }
  assert.ok(seen.length >= 2);
  assert.deepEqual([...new Set(seen)], ["a token"]);
  assert.equal(headers["x-token"], "\t a token \r\n", "the caller's object was changed");
});

// Documentation. A doc comment says "Default 5000" or "(the default)". An option without a default says so, or describes the behaviour.

const types = read("pkg/types/options.d.ts");

/** Returns the doc comment of a member of an interface in options.d.ts. */
function documented(owner, name, source = types) {
  const body = new RegExp(`^export interface ${owner}\\b[^]*?\\{\\n([^]*?)^\\}`, "m").exec(source)[1];
  const member = new RegExp(`(/\\*\\*(?:(?!\\*/)[^])*\\*/)\\n  ${name}\\?:`).exec(body);
  assert.ok(member, `${owner} has no documented ${name}`);
  return member[1].replace(/\s*\n\s*\*\s?/g, " ");
}

/** Returns true if a comment names a default: as a number (with or without separators), a string in quotes or a flag. */
function names(comment, value) {
  const plain = comment.replace(/(\d),(?=\d{3})/g, "$1");
  const shown = Array.isArray(value) ? `["polling", "websocket"]` : typeof value === "string" ? `"${value}"` : String(value);
  const escaped = shown.replace(/[[\]./]/g, "\\$&");
  return new RegExp(`Default:? (?:[^.]*\\()?${escaped}(?![\\d.]\\d)|${escaped} \\(the default\\)|${escaped}, the default`).test(plain);
}

// Defaults that are a rule, not a value.
const RULES = { maxBuffer: /Default: no limit/, maxPacketsPerPost: /Default: 16, until/ };

describe("the documented default is the one of the table:", () => {
  const tables = [
    ["ClientOptions", { ...CLIENT_OPTIONS, ...nodeOptions }],
    ["ConnectOptions", CONNECT_OPTIONS],
    ["Limits", LIMITS],
    ["EngineConnectOptions", { path: ENGINE_CONNECT_OPTIONS.path }],
  ];
  const engine = read("pkg/types/engine-client.d.ts");
  for (const [owner, table] of tables) {
    for (const [name, [, , value]] of Object.entries(table).filter(([, [, , value]]) => value !== undefined)) {
      test(`${owner}.${name}`, () => {
        const comment = documented(owner, name, owner.startsWith("Engine") ? engine : types);
        assert.ok(RULES[name]?.test(comment) ?? names(comment, value), `${comment} does not say ${value}`);
      });
    }
  }

  test("of timeouts", () => {
    assert.ok(names(documented("WithOptions", "timeout"), CALL_TIMEOUT_MS));
    assert.match(read("pkg/types/simple-client.d.ts"), new RegExp(`\`waitTimeout\` is ${SIMPLE_WAIT_TIMEOUT_MS} by`));
  });
});

// The crate's defaults are those of src/tables.rs; `make lint` checks that file. Its documentation says them in its own units.
describe("the crate documents the default of the table:", () => {
  const builder = read("src/client/builder.rs");
  const shared = read("src/client/connection_options.rs").replaceAll(/^ {8}/gm, "");
  const seconds = (milliseconds) => `${milliseconds / 1000} s`;
  const DEFAULTS = {
    reconnection: `${CLIENT_OPTIONS.reconnection[2]}`,
    reconnection_attempts: `${CLIENT_OPTIONS.reconnectionAttempts[2]}`,
    reconnection_delay: `${seconds(CLIENT_OPTIONS.reconnectionDelay[2])} and ${seconds(CLIENT_OPTIONS.reconnectionDelayMax[2])}`,
    randomization_factor: `${CLIENT_OPTIONS.randomizationFactor[2]}`,
    wait_timeout: `${seconds(CONNECT_OPTIONS.waitTimeout[2])}, or`,
    request_timeout: seconds(CLIENT_OPTIONS.requestTimeout[2]),
    high_water_mark: `${CLIENT_OPTIONS.highWaterMark[2] / 2 ** 20} MiB`,
    network_events: `${CLIENT_OPTIONS.networkEvents[2]}`,
  };
  for (const [method, value] of Object.entries(DEFAULTS)) {
    test(`${method}: ${value}`, () => {
      const comment = new RegExp(`((?: {4}///.*\\n)+) {4}pub fn ${method}\\(`).exec(builder + shared)?.[1].replace(/\s*\n\s*\/\/\/ ?/g, " ");
      assert.ok(comment?.includes(`Default: ${value}`), comment);
    });
  }

  test("path", () => {
    assert.ok(builder.includes(`connection_methods!(ClientBuilder, default path: "${CONNECT_OPTIONS.path[2]}")`));
    assert.ok(read("src/client/engine_client.rs").includes(`connection_methods!(EngineClientBuilder, default path: "${ENGINE_CONNECT_OPTIONS.path[2]}")`));
  });
});
