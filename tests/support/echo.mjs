// Events that the server sends back.

/**
 * Makes the server send an event back; resolves when the event was handled.
 * @param {any} client or scope that is connected to a test server
 * @param {...unknown} event the arguments of "echo-back"
 */
export async function sent(client, ...event) {
  client.emit("echo-back", ...event);
  await client.call("echo", "the event before was handled");
}
