// Only compiled. Options that a function does not have, and a URL in place of options.
import { Client, EngineClient, SimpleClient } from "socketio-wasm";

const url = "http://localhost:3000";

// @ts-expect-error the URL belongs to connect()
new Client(url);
// @ts-expect-error the same
new SimpleClient(url);
// @ts-expect-error the same
new EngineClient(new URL(url));
// @ts-expect-error an option of connect()
new Client({ auth: { token: "x" } });
// @ts-expect-error an option of connect()
new Client({ transports: ["websocket"] });
// @ts-expect-error an option of connect()
new SimpleClient({ path: "/chat" });
// @ts-expect-error an option that is needless here
new Client({ autoConnect: false });
// @ts-expect-error an option that is needless here
new Client({ forceNew: true });
// @ts-expect-error an option of a Client
new EngineClient({ reconnection: false });

export const attempts = (client: Client, simple: SimpleClient, engine: EngineClient) => [
  // @ts-expect-error an option of the constructor
  client.connect(url, { reconnection: false }),
  // @ts-expect-error another spelling
  client.connect(url, { namespace: "/chat" }),
  // @ts-expect-error another name
  client.connect(url, { upgrade: false }),
  // @ts-expect-error another spelling
  simple.connect(url, { namespaces: ["/chat"] }),
  // @ts-expect-error a SimpleClient always waits
  simple.connect(url, { wait: true }),
  // @ts-expect-error an EngineClient has no namespaces
  engine.connect(url, { namespaces: ["/chat"] }),
];
