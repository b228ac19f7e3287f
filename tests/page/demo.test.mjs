// `make demo`: the printed steps, the page, the port, the end.

import assert from "node:assert/strict";
import { test } from "node:test";

import { DEMO, run, SERVER, takePort } from "./support.mjs";

for (const signal of ["SIGINT", "SIGTERM"]) {
  test(`the demo prints its steps, serves the page, and ends with code 0 on ${signal}`, async () => {
    const demo = run(DEMO);
    try {
      const [, url] = await demo.printed(/Open (http:\/\/localhost:\d+) /);
      const lines = [
        /connected, sid [\w-]{20}, by (polling|websocket)/,
        /polling upgraded to websocket/,
        /event sent: +hello, "Hello from Node!"/,
        /event received: +hello, "Hello from the server! You said: Hello from Node!"/,
        /call answered: +add\(2, 3\) = 5/,
        /binary sent: +Uint8Array 1 2 3 254 255/,
        /binary received: +(Uint8Array|Buffer) 255 254 3 2 1/,
        /disconnected \(client disconnect\)/,
        /Ctrl-C/,
      ];
      let from = 0;
      for (const line of lines) {
        const match = line.exec(demo.output.slice(from));
        assert.ok(match, `${line} comes next in:\n${demo.output.slice(from)}`);
        from += match.index;
      }
      const page = await fetch(url);
      assert.equal(page.status, 200);
      assert.match(await page.text(), /<title>/);

      assert.deepEqual(await demo.end(signal), { code: 0, signal: null });
      assert.equal(demo.errors, "");
      await assert.rejects(fetch(url), "nothing is left running");
    } finally {
      await demo.end();
    }
  });
}

test("a busy port is an error that names another port", async () => {
  const { port, close } = await takePort();
  try {
    for (const script of [DEMO, SERVER]) {
      const { ended, errors, output } = await finished(run(script, { PORT: String(port) }));
      assert.deepEqual(ended, { code: 1, signal: null });
      assert.equal(errors, `port ${port} is in use; choose another with PORT=${port + 1} make demo\n`);
      assert.equal(output, "");
    }
  } finally {
    await close();
  }
});

test("PORT chooses the port", async () => {
  const { port, close } = await takePort();
  await close();
  const demo = run(DEMO, { PORT: String(port) });
  try {
    await demo.printed(new RegExp(`Open http://localhost:${port} `));
  } finally {
    await demo.end("SIGTERM");
  }
});

test("an invalid PORT is an error that quotes it", async () => {
  for (const port of ["http", "-1", "65536", "3000 "]) {
    const { ended, errors } = await finished(run(DEMO, { PORT: port }));
    assert.equal(ended.code, 1);
    assert.equal(errors, `PORT must be a number from 0 to 65535, not "${port}"\n`);
  }
});

async function finished(started) {
  const ended = await started.ended;
  return { ended, errors: started.errors, output: started.output };
}
