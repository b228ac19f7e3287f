// TLS in Node: certificates of other authorities, client certificates, on both transports, against real servers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { ca, client, elsewhere, encryptedKey, expired, otherCa, passphrase, pfx, server as own, stranger } from "../../support/certificates.mjs";
import { IMPATIENT, newClient, TRANSPORTS, UNHURRIED } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { until } from "../../support/until.mjs";

/** Starts a server for all tests of a `describe`, at its https: address. */
function secureServer(kind, tls) {
  const server = sharedServer(kind, { tls });
  return { url: () => server.url.replace("http:", "https:") };
}

async function echoes(t, url, tls, transports) {
  const connected = newClient(t, { ...IMPATIENT, tls });
  await connected.connect(url, { ...UNHURRIED, transports });
  if (transports.length > 1) await until("the upgrade", () => connected.transport() === "websocket");
  assert.equal(await connected.call("echo", "hello"), "hello");
}

async function refusal(t, url, tls, transports) {
  const [error] = await Promise.allSettled([newClient(t, { ...IMPATIENT, tls }).connect(url, { transports })]);
  assert.equal(error.status, "rejected");
  assert.equal(error.reason.name, "ConnectionError");
  assert.equal(error.reason.code, "UNREACHABLE");
  return error.reason.message;
}

for (const kind of SERVERS) {
  describe(`a ${kind} server with a certificate of a private authority`, () => {
    const server = secureServer(kind, own);

    for (const [name, transports] of Object.entries(TRANSPORTS)) {
      test(`[C9] is trusted by tls.ca: ${name}`, (t) => echoes(t, server.url(), { ca }, transports));

      test(`[C10] is refused without it, and the error says why: ${name}`, async (t) => {
        const message = await refusal(t, server.url(), undefined, transports);
        assert.match(message, /the server's certificate is not trusted \(unable to verify the first certificate\): .*`tls\.ca`/);
      });

      test(`is refused if another authority is trusted: ${name}`, async (t) => {
        assert.match(await refusal(t, server.url(), { ca: otherCa }, transports), /the server's certificate is not trusted/);
      });

      test(`[C10] is accepted with rejectUnauthorized: false: ${name}`, (t) => echoes(t, server.url(), { rejectUnauthorized: false }, transports));
    }

    const contents = readFileSync(ca);
    for (const [name, value] of Object.entries({
      "a PEM string": contents.toString(),
      "bytes": new Uint8Array(contents),
      "a file: URL": pathToFileURL(ca),
      "an array of several": [otherCa, contents.toString()],
    })) {
      test(`is trusted by tls.ca as ${name}`, (t) => echoes(t, server.url(), { ca: value }, ["websocket"]));
    }

    test("is trusted by a SimpleClient and an EngineClient with tls.ca", async (t) => {
      const simple = new api.SimpleClient({ tls: { ca } });
      t.after(() => simple.disconnect());
      await simple.connect(server.url(), UNHURRIED);
      assert.equal(await simple.call("echo", "hello"), "hello");
      const engine = new api.EngineClient({ tls: { ca } });
      t.after(() => engine.disconnect());
      await engine.connect(server.url(), { path: "/socket.io" });
      assert.ok(engine.sid);
    });

    test("is trusted by tls.ca through a user-supplied agent", async (t) => {
      const agent = new Agent({ keepAlive: true });
      t.after(() => agent.destroy());
      for (const transport of ["polling", "websocket"]) {
        const trusting = newClient(t, { ...IMPATIENT, agent, tls: { ca } });
        await trusting.connect(server.url(), { ...UNHURRIED, transports: transport });
        assert.equal(await trusting.call("echo", "hello"), "hello");
        // The agent separates its connections by their certificates.
        const message = /not trusted/;
        await assert.rejects(newClient(t, { ...IMPATIENT, agent }).connect(server.url(), { transports: transport }), { code: "UNREACHABLE", message });
      }
    });

    test("clients with different certificates do not use each other's connections", async (t) => {
      await echoes(t, server.url(), { rejectUnauthorized: false }, ["polling"]);
      assert.match(await refusal(t, server.url(), undefined, ["polling"]), /not trusted/);
    });
  });

  describe(`a ${kind} server that requires a client's certificate`, () => {
    const server = secureServer(kind, { ...own, ca });
    const WAYS = {
      "cert and key as files": { ca, ...client },
      "cert and key as strings": { ca, cert: readFileSync(client.cert, "utf8"), key: readFileSync(client.key, "utf8") },
      "an encrypted key": { ca, cert: client.cert, key: encryptedKey, passphrase },
      "a pfx": { ca, pfx, passphrase },
    };
    for (const [name, tls] of Object.entries(WAYS)) {
      for (const transport of ["polling", "websocket"]) {
        test(`[C9, P2] accepts ${name} over ${transport}`, (t) => echoes(t, server.url(), tls, [transport]));
      }
    }

    for (const transport of ["polling", "websocket"]) {
      test(`refuses a client without a certificate, and the error says why: ${transport}`, async (t) => {
        assert.match(await refusal(t, server.url(), { ca }, [transport]), /(wants|want) a certificate of this client.*`tls\.cert` and `tls\.key`/);
      });

      test(`refuses a certificate of another authority, and the error says why: ${transport}`, async (t) => {
        assert.match(await refusal(t, server.url(), { ca, ...stranger }, [transport]), /does not trust this client's certificate|certificate of this client.*or not trust it/);
      });
    }
  });
}

const WRONG = {
  "for another host": [elsewhere, /the server's certificate is for another host \(.*127\.0\.0\.1 is not in the cert's list/],
  "that has expired": [expired, /the server's certificate is no longer valid \(certificate has expired\)/],
};

for (const [name, [certificate, message]] of Object.entries(WRONG)) {
  describe(`a server with a certificate ${name}`, () => {
    const server = secureServer("npm", certificate);
    for (const transport of ["polling", "websocket"]) {
      test(`is refused, and the error says why: ${transport}`, async (t) => assert.match(await refusal(t, server.url(), { ca }, [transport]), message));
    }
  });
}

describe("a server without TLS at an https: address", () => {
  for (const transport of ["polling", "websocket"]) {
    test(`is refused, and the error says why: ${transport}`, async (t) => {
      const server = await startServer(t, "npm");
      const message = await refusal(t, server.url.replace("http:", "https:"), undefined, [transport]);
      assert.match(message, /the server does not speak TLS at this port .*may begin with http:\/\//);
    });
  }
});

describe("[UNUSABLE_OPTION] the constructor refuses", () => {
  const made = (tls) => () => new api.Client({ tls });
  const WRONG_OPTIONS = {
    "tls that is not an object": ["files", { code: "INVALID_OPTION", option: "tls" }],
    "an unknown name": [{ caFile: ca }, { code: "INVALID_OPTION", option: "tls.caFile" }],
    "a value of a wrong kind": [{ ca: 7 }, { code: "INVALID_OPTION", option: "tls.ca" }],
    "a file that does not exist": [{ ca: "/nowhere/ca.pem" }, { code: "UNUSABLE_OPTION", option: "tls.ca", message: /no file has this path \(ENOENT\)/ }],
    "a key that is not the certificate's": [{ cert: client.cert, key: stranger.key }, { code: "UNUSABLE_OPTION", option: "tls", message: /key.values.mismatch/i }],
    "a wrong passphrase": [{ pfx, passphrase: "close" }, { code: "UNUSABLE_OPTION", option: "tls", message: /mac verif/i }],
  };
  // Deno checks a key only when it is used: there the attempt to connect fails instead.
  const skip = "Deno" in globalThis;
  for (const [name, [tls, expected]] of Object.entries(WRONG_OPTIONS)) {
    test(name, { skip: skip && Boolean(tls.key) }, () => assert.throws(made(tls), { name: "InvalidArgumentError", fault: "misuse", ...expected }));
  }

  test("a wrong key with an error that does not show it", { skip }, () => {
    const key = readFileSync(client.key, "utf8");
    assert.throws(made({ cert: stranger.cert, key }), (error) => !JSON.stringify({ ...error, message: error.message }).includes(key.split("\n")[1]));
  });
});

test("the object of `tls` is not changed", async (t) => {
  const server = await startServer(t, "npm", { tls: own });
  const tls = { ca: [readFileSync(ca)] };
  const before = structuredClone(tls);
  const trusting = newClient(t, { ...IMPATIENT, tls: Object.freeze(tls) });
  Object.freeze(tls.ca);
  await trusting.connect(server.url.replace("http:", "wss:"), UNHURRIED);
  assert.equal(await trusting.call("echo", 1), 1);
  assert.deepEqual(structuredClone(tls), before);
});
