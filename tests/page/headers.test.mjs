// Headers in a page: those that fetch can send go with every poll; those that only the browser sets are refused by name.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startServer } from "../support/server.mjs";
import { emptyPage, sharedBrowser } from "./support.mjs";

const browser = sharedBrowser();

/** Connects in the page with these headers. Returns the answer to a call, or the error. */
const connect = (page, url, headers, client = "{}") =>
  page.evaluate(
    async ([url, headers, client]) => {
      const { Client } = await import("/browser.js");
      const made = new Client((0, eval)(`(${client})`));
      try {
        await made.connect(url, { transports: "polling", headers: (0, eval)(`(${headers})`) });
        return await made.call("echo", "connected");
      } catch ({ name, code, option, platform, message }) {
        return { name, code, option, platform, message };
      } finally {
        await made.disconnect();
      }
    },
    [url, headers, client],
  );

for (const header of ["Cookie", "origin", "Host", "Sec-Mine"]) {
  test(`[P5] ${header} is refused by name, as a value and from a function`, async (t) => {
    const server = await startServer(t, "npm");
    const page = await emptyPage(t, browser);
    const headers = JSON.stringify({ [header]: "x" });
    const option = `headers.${header}`;
    const expected = { name: "UnsupportedOptionError", code: "UNSUPPORTED_OPTION", option, platform: "browser" };
    for (const given of [headers, `() => (${headers})`, `async () => (${headers})`]) {
      const { message, ...error } = await connect(page, server.url, given);
      assert.deepEqual(error, expected);
      assert.match(message, new RegExp(`\`${option}\` cannot be honoured here \\(browser\\)`));
    }
  });
}

test("[P5] other headers go with polling, and a user-supplied fetch gets all headers", async (t) => {
  const server = await startServer(t, "npm");
  const page = await emptyPage(t, browser);
  assert.equal(await connect(page, server.url, '{ "X-Mine": "1", Authorization: "Bearer x" }'), "connected");
  const own = "{ fetch: (url, { headers: { Cookie, ...headers }, ...init }) => Cookie === 'x' && fetch(url, { ...init, headers }) }";
  assert.equal(await connect(page, server.url, '{ Cookie: "x" }', own), "connected");
});
