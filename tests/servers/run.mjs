// Shared by the servers in this folder: how they listen, report their port, and end.
import { basename } from "node:path";

/** Listens on 127.0.0.1, and prints {"port":N}. The process ends when standard input closes, on SIGTERM, and if the port is in use. */
export function run(http, port) {
  process.stdin.resume().on("end", () => process.exit());
  process.on("SIGTERM", () => process.exit());
  http.on("error", (error) => {
    console.error(`${basename(process.argv[1])}: cannot listen on port ${port}: ${error.message}`);
    process.exit(1);
  });
  http.listen(port, "127.0.0.1", () => console.log(JSON.stringify({ port: http.address().port })));
}
