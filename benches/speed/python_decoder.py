"""Prints the time of python-socketio's decoder for an event beyond json.loads, in nanoseconds: python_decoder.py <JSON of the event>."""

import json
import sys
import time

from socketio.packet import Packet

MESSAGES = 20_000
TURNS = 7


def nanoseconds(work):
    """Returns the least time of a message, of several turns."""
    turns = []
    for _ in range(TURNS):
        start = time.process_time_ns()
        for _ in range(MESSAGES):
            work()
        turns.append(time.process_time_ns() - start)
    return min(turns) / MESSAGES


text = sys.argv[1]
decoded = nanoseconds(lambda: Packet(encoded_packet="2" + text))
floor = nanoseconds(lambda: json.loads(text))
print(json.dumps({"decoder": decoded, "floor": floor}))
