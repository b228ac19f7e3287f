// The three compared clients behind one interface. `open` returns the client's own object, so that a row calls `emit` and `on` as a user
// would. Methods whose names differ are functions here.

/**
 * @typedef {object} Party
 * @property {(url: string, transports?: string[], prepare?: (client: object) => void) => Promise<object>} open a connected client;
 *   `prepare` gives it handlers before
 * @property {(client: object, event: string, argument?: unknown) => Promise<unknown>} call
 * @property {(client: object, event: string, answer: (argument: unknown) => unknown) => void} answer acknowledges what answer() returns
 * @property {(client: object) => number} pending the number of messages that the client has not handed to its transport yet
 * @property {(client: object) => Promise<void> | void} close
 */

/**
 * This client.
 * @param {{ Client: Function }} api of the package
 * @param {object} [options] of each client
 * @returns {Party}
 */
export const ours = ({ Client }, options = {}) => ({
  async open(url, transports, prepare = () => {}) {
    const client = new Client({ reconnection: false, ...options });
    prepare(client);
    await client.connect(url, { transports });
    return client;
  },
  call: (client, event, argument) => (argument === undefined ? client.call(event) : client.call(event, argument)),
  answer: (client, event, answer) => client.on(event, answer),
  pending: (client) => client.bufferedAmount,
  close: (client) => client.disconnect(),
});

/**
 * socket.io-client.
 * @param {{ io: Function }} api of the package
 * @param {object} [options] of each client; they override the row's transports
 * @returns {Party}
 */
export const peer = ({ io }, options = {}) => ({
  open(url, transports, prepare = () => {}) {
    const socket = io(url, { ...(transports && { transports }), forceNew: true, reconnection: false, ...options });
    prepare(socket);
    return new Promise((resolve, reject) => {
      socket.on("connect", () => resolve(socket));
      socket.on("connect_error", reject);
    });
  },
  call: (socket, event, argument) => (argument === undefined ? socket.emitWithAck(event) : socket.emitWithAck(event, argument)),
  answer: (socket, event, answer) => socket.on(event, (argument, acknowledge) => acknowledge(answer(argument))),
  pending: (socket) => socket.io.engine.writeBuffer.length,
  close(socket) {
    const { engine } = socket.io;
    const closed = engine.readyState === "closed" ? undefined : new Promise((resolve) => engine.once("close", resolve));
    socket.disconnect();
    return closed;
  },
});

/**
 * A bare transport.
 * @param {(transport: string) => import("./bare.mjs").Bare} create
 * @returns {Party}
 */
export const floor = (create) => ({
  async open(url, [transport] = ["polling"], prepare = () => {}) {
    const client = create(transport);
    prepare(client);
    await client.open(url);
    return client;
  },
  call: (client, event, argument) => client.call(event, argument),
  answer: (client, event, answer) => client.on(event, answer),
  pending: () => 0,
  close: (client) => client.close(),
});
