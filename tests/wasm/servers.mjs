// Starts the servers of the tests in Rust for scripts/test-wasm.sh. Prints NAME=URL for each on standard output, then "ready". Ends, with
// the servers, when standard input closes. The tests read the addresses in servers.rs.
import { TestServer } from "../support/server.mjs";

const SERVERS = {
  SOCKETIO_TEST_URL: ["npm", {}],
  SOCKETIO_TEST_PYTHON_URL: ["python", {}],
  SOCKETIO_TEST_PYTHON_LIVELY: [
    "python",
    { pingInterval: 500, pingTimeout: 2000, maxHttpBufferSize: 1000, python: { always_connect: true } },
  ],
  SOCKETIO_TEST_OLD: ["npm", { library: "socket.io-2" }],
  SOCKETIO_TEST_ENGINE_URL: ["engine", {}],
  SOCKETIO_TEST_MSGPACK: ["npm", { serializer: "msgpack" }],
  SOCKETIO_TEST_PYTHON_MSGPACK: ["python", { serializer: "msgpack" }],
  SOCKETIO_TEST_PYTHON_CBOR: ["python", { serializer: "cbor" }],
  SOCKETIO_TEST_PYTHON_PICKLE: ["python", { serializer: "pickle" }],
};

await Promise.all(
  Object.entries(SERVERS).map(async ([name, [kind, options]]) => {
    const server = new TestServer(kind, options);
    await server.start();
    console.log(`${name}=${server.url}`);
  }),
);
console.log("ready");
process.stdin.resume().on("end", () => process.exit());
