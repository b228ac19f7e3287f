/** @jest-environment jsdom */
const { Client } = require("socketio-wasm");
const { servers, heard } = require("./expected.json");
const { talk } = require("./talk.cjs");

// Jest's jsdom has no fetch, which polling needs.
class WebsocketClient extends Client {
  connect(url, options) {
    return super.connect(url, { ...options, transports: "websocket" });
  }
}

test("talks", async () => {
  expect(typeof document).toBe("object");
  expect(await talk(WebsocketClient, servers)).toEqual(heard);
});
