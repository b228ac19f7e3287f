/** @jest-environment jsdom */
const { Client } = require("socketio-wasm");
const { servers, heard } = require("./expected.json");
const { talk } = require("./talk.cjs");

test("talks", async () => {
  expect(typeof document).toBe("object");
  expect(await talk(Client, servers)).toEqual(heard);
});
