import { Client, init } from "socketio-wasm/slim";
import { talk } from "./talk.js";

await init();
console.log(JSON.stringify(await talk(Client, JSON.parse(process.argv[2]))));
