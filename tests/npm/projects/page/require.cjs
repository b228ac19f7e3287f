const { Client } = require("socketio-wasm");
const { report, servers } = require("./report.js");
const { talk } = require("./talk.js");

report(talk(Client, servers));
