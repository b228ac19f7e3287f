import { init, Client } from "socketio-wasm/slim";
import { report, servers } from "./report.js";
import { talk } from "./talk.js";

report(init().then(() => talk(Client, servers)));
