const { Client } = require("socketio-wasm");

import("./talk.js").then(async ({ talk }) => console.log(JSON.stringify(await talk(Client, JSON.parse(process.argv[2])))));
