"""Subclasses of python-socketio's Packet for further formats."""

import functools
import importlib
import pickle

from socketio.packet import Packet


def packet_class(name):
    """Returns the argument `serializer=` of a server for a name in the options of the tests."""
    kind, _, protocol = name.partition("-")
    if kind == "cbor":
        cbor2 = importlib.import_module("cbor2")  # not installed in every environment
        return packet_class_of(cbor2.dumps, cbor2.loads)
    if kind == "pickle":
        dumps = functools.partial(pickle.dumps, protocol=int(protocol)) if protocol else pickle.dumps
        return packet_class_of(dumps, pickle.loads)
    return name


def packet_class_of(dumps, loads):
    class OwnPacket(Packet):
        uses_binary_events = False

        def encode(self):
            return dumps(self._to_dict())

        def decode(self, encoded_packet):
            decoded = loads(encoded_packet)
            self.packet_type = decoded["type"]
            self.data = decoded.get("data")
            self.id = decoded.get("id")
            self.namespace = decoded["nsp"]

    return OwnPacket
