// The payloads of the rows, the same for every party and in both directions.

const text = (length) => "abcdefghij".repeat(Math.ceil(length / 10)).slice(0, length);

function json(bytes, around) {
  const empty = JSON.stringify(around("")).length;
  return around(text(bytes - empty));
}

/** The payloads, by name; each is the one argument of an event. */
export const PAYLOADS = {
  "60 B": json(60, (text) => ({ id: 12345, user: "alice", done: false, text })),
  "4 KB": Array.from({ length: 40 }, (_, id) => json(101, (text) => ({ id: 10 + id, price: 12.5, tags: ["a", "b"], user: { name: "alice" }, text }))),
  "1 KiB binary": new Uint8Array(1024).fill(7),
  "1 MiB binary": new Uint8Array(1024 * 1024).fill(7),
  "10 attachments": { list: Array.from({ length: 10 }, () => new Uint8Array(100).fill(7)) },
};
