import { Client } from "socketio-wasm";
import { expect, test } from "vitest";
import { heard, servers } from "./expected.json";
import { talk } from "./talk.js";

test("talks", async () => {
  expect(await talk(Client, servers)).toEqual(heard);
});
