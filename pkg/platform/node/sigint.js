// The option `handleSigint`: who interrupts the process (Ctrl+C) disconnects its clients first.

const clients = new Set();

/**
 * Has the client disconnected on SIGINT, as long as it is connected or connecting. Then the process ends as it would have
 * without it; where the program has handlers of its own, these run as ever, and decide.
 * @param {{ wait(): Promise<void>, disconnect(): Promise<void> }} client
 */
export function disconnectOnSigint(client) {
  if (clients.has(client)) return;
  // Once, and before the program's own handlers, which may end the process at once.
  process.off("SIGINT", interrupted).prependListener("SIGINT", interrupted);
  clients.add(client);
  client.wait().then(() => forget(client));
}

function forget(client) {
  clients.delete(client);
  if (clients.size === 0) process.off("SIGINT", interrupted);
}

async function interrupted() {
  process.off("SIGINT", interrupted); // a second interrupt must not wait
  const isHandled = process.listenerCount("SIGINT") > 0;
  await Promise.allSettled([...clients].map((client) => client.disconnect()));
  if (!isHandled) process.kill(process.pid, "SIGINT");
}
