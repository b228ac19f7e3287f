// Python's pickle, of plain data alone: what a python-socketio server writes whose packets use the module of that name.
// Written here, since no library is good enough: those of npm do not write, and read the names of classes as if they were data.
import { PickleReader } from "./pickle-reader.js";
import { PickleWriter } from "./pickle-writer.js";
import { parserOf } from "./packets.js";

export const { Encoder, Decoder } = parserOf(
  (value) => new PickleWriter().write(value),
  (bytes) => new PickleReader(bytes).read(),
);
