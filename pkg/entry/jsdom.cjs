// The entry of `require` in a simulated browser inside of Node, such as Jest's jsdom: its globals lack what every browser and Node have.
const { TextDecoder, TextEncoder } = require("node:util");

globalThis.TextDecoder ??= TextDecoder;
globalThis.TextEncoder ??= TextEncoder;

module.exports = require("./node.cjs");
