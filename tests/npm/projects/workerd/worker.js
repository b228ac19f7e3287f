import { Client } from "socketio-wasm";
import { talk } from "./talk.js";

export default {
  async fetch(request) {
    return Response.json(await talk(Client, Object.fromEntries(new URL(request.url).searchParams)));
  },
};
