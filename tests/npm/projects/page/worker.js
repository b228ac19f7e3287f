import { Client } from "socketio-wasm";
import { talk } from "./talk.js";

onmessage = async ({ data }) => postMessage(await talk(Client, data).catch((error) => error.stack));
