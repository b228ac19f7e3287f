// A page of another origin: python's servers accept it with credentials (Q17 of docs/parity.md).
import assert from "node:assert/strict";
import { test } from "node:test";
import { startServer } from "../support/server.mjs";
import { emptyPage, sharedBrowser } from "./support.mjs";

const browser = sharedBrowser();

/** Returns the answer to a call over polling, and the names of the cookies that the browser has then. */
async function visit(page, url, credentials) {
  const answer = await page.evaluate(
    async ([url, credentials]) => {
      const { Client } = await import("/browser.js");
      const client = new Client({ credentials });
      await client.connect(url, { transports: "polling" });
      const answer = await client.call("echo", location.origin === new URL(url).origin ? "same origin" : "other origin");
      await client.disconnect();
      return answer;
    },
    [url, credentials],
  );
  return [answer, (await page.context().cookies()).map(({ name }) => name)];
}

test('[P5, Q17] "*" accepts a page that sends its cookies', async (t) => {
  const server = await startServer(t, "python", { python: { cookie: "io" } });
  const page = await emptyPage(t, browser);
  assert.deepEqual(await visit(page, server.url, "same-origin"), ["other origin", []]);
  assert.deepEqual(await visit(page, server.url, "include"), ["other origin", ["io"]]);
});

test("[Q17] a foreign origin is refused if the server accepts only its own", async (t) => {
  const server = await startServer(t, "python", { python: { cors_allowed_origins: null } });
  const page = await emptyPage(t, browser);
  await assert.rejects(visit(page, server.url, "include"), /ConnectionError: Cannot reach the server over polling\. The browser does not say why/);
});
