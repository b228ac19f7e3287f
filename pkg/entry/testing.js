// The entry of tests: a server in memory. It contains no client.
export { Server } from "../testing/server.js";
