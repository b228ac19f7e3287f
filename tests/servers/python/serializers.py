"""Packets in other formats than python-socketio has itself: what its documentation calls a Packet subclass."""

import functools
import importlib
import pickle

from socketio.packet import Packet


def packet_class(name):
    """What `serializer=` of a server takes, for a name of that option of the tests."""
    kind, _, protocol = name.partition("-")
    if kind == "cbor":
        cbor2 = importlib.import_module("cbor2")  # which the environments without serializers lack
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
