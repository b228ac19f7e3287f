"""Python's readers and writers, for tests of the serializers: a process that answers each line of JSON with one.

{"read": format, "bytes": hex} is answered with the value that Python reads: {"value": its description}
{"write": format, "count": n, "seed": n} with random values: [{"value": description, "bytes": {name of the format: hex}}]
A description distinguishes types that JSON does not; describe() in formats.mjs returns the same ones.
"""

import json
import pickle
import random
import struct
import sys

import cbor2
import msgpack

FORMATS = {
    "msgpack": {"msgpack": msgpack.packb},
    "cbor": {"cbor": cbor2.dumps, "cbor, canonical": lambda value: cbor2.dumps(value, canonical=True)},
    "pickle": {f"pickle, protocol {n}": lambda value, n=n: pickle.dumps(value, n) for n in (2, 3, 4, 5)},
}
READERS = {"msgpack": msgpack.unpackb, "cbor": cbor2.loads, "pickle": pickle.loads}


def describe(value, for_javascript=False):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        if for_javascript and value.is_integer() and abs(value) < 2**53:
            return {"int": str(int(value))}  # JavaScript has one type of numbers
        return {"float": "nan" if value != value else struct.pack(">d", value).hex()}
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, str):
        return {"text": utf16(value)}
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": value.hex()}
    if isinstance(value, dict):
        return {"dict": sorted([utf16(key), describe(item, for_javascript)] for key, item in value.items())}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [describe(item, for_javascript) for item in value]
    return {"other": repr(value)}


def utf16(text):
    return text.encode("utf-16-be", "surrogatepass").hex()


class Values:
    """Random values that a format can represent."""

    def __init__(self, seed, kind):
        self.random = random.Random(seed)
        self.kind = kind
        self.made = []  # reused as parts of other values, which pickle writes as references

    def value(self, depth=4):
        if self.made and self.random.random() < 0.1:
            return self.random.choice(self.made)
        simple = [self.integer, self.float, self.text, self.bytes, self.bytearray, lambda: self.random.choice([None, True, False])]
        compound = [self.list, self.tuple, self.dict, *([self.set] if self.kind == "pickle" else [])]
        made = self.random.choice(simple + compound * 2 if depth else simple)
        value = made(depth - 1) if made in compound else made()
        self.made.append(value)
        return value

    def length(self):
        return self.random.choice([0, 1, 2, 3, 4, 15, 16, 17] if self.random.random() < 0.95 else [255, 256, 300])

    def integer(self):
        bits = self.random.choice([1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 53, 54, 63] + ([64, 65, 128, 2048, 3000] if self.kind != "msgpack" else []))
        return self.random.choice([-1, 1]) * (self.random.getrandbits(bits) + self.random.choice([-1, 0, 1]))

    def float(self):
        return self.random.choice([0.5, -1.5, 1e300, 5e-324, float("inf"), float("-inf"), float("nan"), self.random.random(), 3.0, 2.0**60])

    def text(self):
        alphabet = "ab\0\x7fé\u07ff\u0800世\ufeff\uffff👋\U0010ffff" + ("\ud800\udfff\udbff\udc00" if self.kind == "pickle" else "")
        return "".join(self.random.choices(alphabet, k=self.length()))

    def bytes(self):
        return self.random.randbytes(self.length())

    def bytearray(self):
        return bytearray(self.bytes())

    def list(self, depth):
        return [self.value(depth) for _ in range(self.short())]

    def tuple(self, depth):
        return tuple(self.list(depth))

    def set(self, depth):
        return self.random.choice([set, frozenset])(self.text() for _ in range(self.short()))

    def dict(self, depth):
        return {self.text(): self.value(depth) for _ in range(self.short())}

    def short(self):
        return self.random.choice([0, 1, 2, 3, 4, 17] if self.random.random() < 0.3 else [1, 2, 3])


def answer(request):
    if "read" in request:
        value = READERS[request["read"]](bytes.fromhex(request["bytes"]))
        return {"value": describe(value)}
    values = Values(request["seed"], request["write"])
    written = []
    for _ in range(request["count"]):
        value = values.value()
        written.append({"value": describe(value, True), "bytes": {name: dumps(value).hex() for name, dumps in FORMATS[request["write"]].items()}})
    return written


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
