import { Client } from "socketio-wasm";
import { report, servers } from "./report.js";
import { talk } from "./talk.js";

report(talk(Client, servers));
