const { readFileSync } = require("node:fs");
const { Client, initSync } = require("socketio-wasm/slim");

initSync({ module: readFileSync(require.resolve("socketio-wasm/slim.wasm")) });
import("./talk.js").then(async ({ talk }) => console.log(JSON.stringify(await talk(Client, JSON.parse(process.argv[2])))));
