import { Client, SimpleClient, EngineClient, errors, tuple } from "socketio-wasm";
import { Client as Slim, init } from "socketio-wasm/slim";
import { report } from "./report.js";

report(Promise.resolve("nothing of it"));
