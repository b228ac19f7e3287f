import { init, Client } from "socketio-wasm/slim";
import wasm from "socketio-wasm/slim.wasm?url";
import { report, servers } from "./report.js";
import { talk } from "./talk.js";

report(init(wasm).then(() => talk(Client, servers)));
