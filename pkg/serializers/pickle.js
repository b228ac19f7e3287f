// Python's pickle, for plain data alone: the format of a python-socketio server whose packets use the module `pickle`.
// It is implemented here, because no library is good enough: those of npm cannot write, and read the names of classes as if they were data.
import { PickleReader } from "./pickle-reader.js";
import { PickleWriter } from "./pickle-writer.js";
import { parserOf } from "./packets.js";

export const { Encoder, Decoder } = parserOf(
  (value) => new PickleWriter().write(value),
  (bytes) => new PickleReader(bytes).read(),
);
