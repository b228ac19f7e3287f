// --trace prints every packet, with its time and its meaning. The servers are real ones.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { run } from "../../support/command.mjs";
import { startServer } from "../../support/server.mjs";
import { sharedServer } from "../../support/shared-server.mjs";

const BINARY = '{"$base64":"AQID"}';
const SERVERS = {
  "Engine.IO 4": ["npm"],
  "Engine.IO 4, python": ["python"],
  "Engine.IO 3": ["npm", { library: "socket.io-2" }],
};

for (const [name, [kind, options]] of Object.entries(SERVERS)) {
  describe(name, () => {
    const isOld = name === "Engine.IO 3";
    const server = sharedServer(kind, options);

    for (const transport of ["polling", "websocket", "polling,websocket"]) {
      test(`every packet is traced over ${transport}`, async (t) => {
        const parameters = ["-n", "/chat", "--call", "echo", '"é"', "--call", "echo", BINARY, "--emit", "echo-back", "1", "--count", "1"];
        const { err, out, code } = await run(t, [server.url, "--trace", "--transport", transport, ...parameters]);
        assert.deepEqual([out, code], ['"é"\n<binary, 3 bytes>\n/chat echo-back 1\n', 0], err);
        const [head, ...lines] = err.trim().split("\n");
        assert.match(head, /^trace: times in seconds from \d{4}-\d\d-\d\dT[\d:.]+Z on$/);

        const times = lines.map((line) => Number(/^\+(\d+\.\d{3}) (->|<-|--) /.exec(line)?.[1] ?? assert.fail(line)));
        assert.deepEqual(times, times.toSorted((a, b) => a - b));

        // The lines in this order; the packet itself stands behind the colon.
        const sequence = [
          transport === "websocket" ? /-> websocket opens: ws:\S+transport=websocket/ : /-> GET asks for a connection: http:\S+transport=polling/,
          /<- OPEN sid \S+, PING every 25 s, to be answered within \d+ s.*: 0\{"sid"/,
          /-> CONNECT to \/chat: 40\/chat,/,
          isOld ? /<- CONNECT, \/chat is connected: 40\/chat/ : /<- CONNECT, \/chat is connected, sid \S+: 40\/chat,\{"sid"/,
          /-> EVENT "echo" to \/chat, to be answered as 1: 42\/chat,1\["echo","é"\]/,
          /<- ACK from \/chat, answers "echo" \(1\) after [\d.]+ s: 43\/chat,1\["(é|\\u00e9)"\]/,
          /-> BINARY_EVENT "echo" to \/chat, to be answered as 2, 1 attachment to come: 451-\/chat,2\["echo",/,
          /-> attachment 1 of 1, 3 bytes, of BINARY_EVENT "echo": (<binary, [34] bytes>|b4?AQID)$/,
          /<- BINARY_ACK from \/chat, answers "echo" \(2\) after [\d.]+ s, 1 attachment to come: 461-\/chat,2\[/,
          /<- attachment 1 of 1, 3 bytes, of BINARY_ACK: (<binary, [34] bytes>|b4?AQID)$/,
          /-> EVENT "echo-back" to \/chat: 42\/chat,\["echo-back",1\]/,
          /<- EVENT "echo-back" from \/chat: 42\/chat,\["echo-back",1\]/,
        ];
        // Right after an event, a websocket is closed without a DISCONNECT.
        if (transport === "polling") sequence.push(/-> DISCONNECT from \/chat: 41\/chat,/);
        let at = 0;
        for (const wanted of sequence) {
          const found = lines.slice(at).findIndex((line) => wanted.test(line));
          assert.notEqual(found, -1, `${wanted} is not where it should be in\n${lines.slice(at).join("\n")}`);
          at += found + 1;
        }
        const more = {
          polling: [/-> POST with 1 packet$/, /<- response 200: ok$/i],
          websocket: [],
          "polling,websocket": [/-> PING probe, .*: 2probe$/, /<- PONG probe, .*: 3probe$/, /-> UPGRADE, .*: 5$/],
        };
        for (const wanted of more[transport]) assert.ok(lines.some((line) => wanted.test(line)), String(wanted));
      });
    }
  });
}

test("failures are traced, too: a refused request, a refused namespace, a closed websocket", async (t) => {
  const server = await startServer(t, "npm", { pingInterval: 100 });
  const trace = async (...parameters) => (await run(t, [server.url, "--trace", ...parameters])).err;
  assert.match(await trace("--path", "/else", "--wait", "1"), /<- response 404: nothing here/);
  assert.match(await trace("-n", "/refuse", "--wait", "1"), /<- CONNECT_ERROR, \/refuse is refused: 44\/refuse,\{"message":"no entry"\}/);
  const ended = await trace("--transport", "websocket", "--emit", "kick", "--listen", "*");
  assert.match(ended, /<- DISCONNECT by the server from \/: 41/);
  assert.match(await trace("--transport", "websocket", "--emit", "close-engine", "--listen", "*"), /-- websocket closed, code 1005/);
  const pings = await trace("--wait", "400");
  assert.match(pings, /<- PING, is the other side there\?: 2\n.*-> PONG, this side is there: 3/);
});

test("a long packet is truncated, and its length is printed", async (t) => {
  const server = await startServer(t, "npm");
  const { err, out } = await run(t, [server.url, "--trace", "--call", "echo", JSON.stringify("x".repeat(5_000))]);
  assert.equal(out.length, 5_003);
  assert.match(err, /x{900,990}… \(50\d\d characters\)\n/);
});

test("without --trace nothing is traced", async (t) => {
  const server = await startServer(t, "npm");
  assert.equal((await run(t, [server.url, "--call", "echo", "1"])).err, "");
});
