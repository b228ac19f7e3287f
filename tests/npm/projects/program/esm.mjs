import { Client } from "socketio-wasm";
import { talk } from "./talk.js";

console.log(JSON.stringify(await talk(Client, JSON.parse(process.argv[2]))));
