import { Client, initSync } from "socketio-wasm/slim";
import module from "socketio-wasm/slim.wasm";
import { talk } from "./talk.js";

initSync({ module });

export default {
  async fetch(request) {
    return Response.json(await talk(Client, Object.fromEntries(new URL(request.url).searchParams)));
  },
};
