// The entry without the module inside: the types of the other one, and what loads it.
import { type ClientOptions, Client, ConnectionError, init, initSync, SimpleClient, tuple } from "socketio-wasm/slim";

export async function program(bytes: Uint8Array, response: Promise<Response>, options: ClientOptions): Promise<number> {
  await init();
  await init("https://cdn.example/slim.wasm");
  await init(new URL("https://cdn.example/slim.wasm"));
  await init(response);
  await init(bytes);
  initSync({ module: bytes });
  // @ts-expect-error: neither an address nor bytes nor a module
  await init(17);
  // @ts-expect-error: this one waits for nothing, so for no address
  initSync({ module: "slim.wasm" });
  try {
    const client = new Client<{ add: (a: number, b: number) => number }, { sum: (a: number) => number }>(options);
    client.on("add", (a, b) => a + b);
    return await client.call("sum", 1);
  } catch (error) {
    if (error instanceof ConnectionError && error.code === "MODULE_UNAVAILABLE") throw error.cause;
    throw tuple(error);
  }
}

// @ts-expect-error: a type alone, there is no such client here
export const none = SimpleClient;
