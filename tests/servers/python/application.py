"""The application of all python servers of the tests: the namespaces and events that the head of ../npm.mjs describes.

Each handler is written once, for AsyncServer and for Server. The methods of Server block and return results, those of AsyncServer
return coroutines: `done` awaits either, and `adapt` turns a handler into the form that the server takes. auth and reason are optional
parameters, because python-socketio 4.x does not pass them.
"""

import asyncio
import datetime
import functools
import inspect
import json
import os
from collections import Counter
from urllib.parse import parse_qsl

import socketio
from serializers import packet_class

options = json.loads(os.environ.get("SERVER_OPTIONS", "{}"))

RENAMED = {"maxHttpBufferSize": "max_http_buffer_size", "allowUpgrades": "allow_upgrades", "transports": "transports"}
SECONDS = {"pingInterval": "ping_interval", "pingTimeout": "ping_timeout"}
ASYNCHRONOUS = {"asgi", "aiohttp", "tornado", "sanic"}


def new_server(async_mode):
    """Returns the server with all its handlers. options["python"] are further arguments of its constructor."""
    server_class = socketio.AsyncServer if async_mode in ASYNCHRONOUS else socketio.Server
    sio = server_class(
        async_mode=async_mode,
        **{
            "cors_allowed_origins": options.get("cors", "*"),
            "serializer": packet_class(options.get("serializer", "default")),
            "client_manager": socketio.AsyncRedisManager(options["redis"]) if "redis" in options else None,
            **{name: options[key] for key, name in RENAMED.items() if key in options},
            **{name: options[key] / 1000 for key, name in SECONDS.items() if key in options},
            **options.get("python", {}),
        },
    )
    application = Application(sio)
    for namespace in ("/", "/chat"):
        application.serve(namespace)
    application.serve("/early", application.emit_early)
    application.serve("/auth", application.check_token)
    application.serve("/refuse", application.refuse)
    application.serve("/slow", application.think)
    application.serve("/refuse-data", application.refuse_with_data)
    application.serve_all()
    return sio


async def done(result):
    return await result if inspect.isawaitable(result) else result


def adapt(sio, handler):
    if sio.is_asyncio_based():
        return handler

    @functools.wraps(handler)
    def run(*args):
        try:
            handler(*args).send(None)
        except StopIteration as end:
            return end.value

    return run


class Application:
    def __init__(self, sio):
        self.sio = sio
        self.auths = {}  # sid: the auth of its connect handler
        self.ids = {}  # sid: auth.id, or id in the query
        self.counted = {}  # auth.id: values
        self.connections = Counter()  # (auth.id, namespace): the number of connections
        self.reasons = {}  # sid: the reason of its end

    def serve(self, namespace, on_connect=None):
        sio = self.sio

        async def connect(sid, environ, auth=None):
            self.auths[sid] = auth
            if isinstance(auth, dict):
                self.ids[sid] = auth.get("id")
            elif auth is None:
                self.ids[sid] = dict(parse_qsl(environ["QUERY_STRING"])).get("id")
            self.connections[self.ids.get(sid), namespace] += 1
            if on_connect:
                await on_connect(sid, auth)

        async def disconnect(sid, reason="unknown"):
            self.reasons[sid] = reason

        async def echo(sid, *args):
            return args

        async def echo_back(sid, *args):
            await done(sio.emit("echo-back", args, to=sid, namespace=namespace))

        async def ask(sid, *args):
            async def answered(*answer):
                await done(sio.emit("answered", answer, to=sid, namespace=namespace))

            await done(sio.emit("question", args, to=sid, namespace=namespace, callback=adapt(sio, answered)))

        async def burst(sid, n):
            for index in range(n):
                await done(sio.emit("tick", index, to=sid, namespace=namespace))

        async def later(sid, ms, value):
            await done(sio.sleep(ms / 1000))
            return value

        async def auth(sid):
            return (self.auths[sid],)

        async def count(sid, value):
            self.counted.setdefault(self.ids.get(sid), []).append(value)

        async def counted(sid, of):
            return self.counted.get(of, [])

        async def left(sid, of):
            return self.reasons.get(of, "")

        async def connections(sid, of, in_namespace):
            return self.connections[of, in_namespace]

        async def binary(sid, items):
            async def emit():
                answer = {"list": items[::-1], "nested": [{"first": items[0]}]}
                await done(sio.emit("binary", answer, to=sid, namespace=namespace))

            sio.start_background_task(adapt(sio, emit))
            return [len(item) if isinstance(item, bytes) else -1 for item in items]

        async def node(sid):
            return options["name"]

        async def join(sid, room):
            await done(sio.enter_room(sid, room, namespace=namespace))

        async def shout(sid, room, *args):
            await done(sio.emit("shout", args, to=room, namespace=namespace))

        async def evaluate(sid, expression):
            return eval(expression, {"datetime": datetime})

        async def kick(sid):
            await done(sio.disconnect(sid, namespace=namespace))

        async def close_engine(sid):
            eio_sid = getattr(sio.manager, "eio_sid_from_sid", lambda sid, namespace: sid)
            await done(sio.eio.disconnect(eio_sid(sid, namespace)))

        async def never(sid, *args):
            while True:  # returning would acknowledge
                await done(sio.sleep(3600))

        handlers = {
            "connect": connect,
            "disconnect": disconnect,
            "echo": echo,
            "echo-back": echo_back,
            "ask": ask,
            "later": later,
            "auth": auth,
            "burst": burst,
            "count": count,
            "counted": counted,
            "left": left,
            "connections": connections,
            "binary": binary,
            "node": node,
            "join": join,
            "shout": shout,
            "evaluate": evaluate,
            "kick": kick,
            "close-engine": close_engine,
            "never": never,
        }
        for event, handler in handlers.items():
            sio.on(event, adapt(sio, handler), namespace=namespace)

    def serve_all(self):
        """Adds the refusal of all connections, and echo(...args) for namespaces without handlers, which some options accept."""

        async def echo(namespace, sid, *args):
            return args

        self.sio.on("echo", adapt(self.sio, echo), namespace="*")
        if "refusal" in options:
            self.sio.eio.on("connect", lambda sid, environ: options["refusal"])

    async def emit_early(self, sid, auth):
        for index in range(3):
            await done(self.sio.emit("early", index, to=sid, namespace="/early"))

    async def check_token(self, sid, auth):
        if not isinstance(auth, dict) or auth.get("token") != "secret":
            raise socketio.exceptions.ConnectionRefusedError("wrong token")
        await done(self.sio.emit("welcome", auth, to=sid, namespace="/auth"))

    async def think(self, sid, auth):
        await done(self.sio.sleep(1.5))

    async def refuse(self, sid, auth):
        raise socketio.exceptions.ConnectionRefusedError("no entry")

    async def refuse_with_data(self, sid, auth):
        raise socketio.exceptions.ConnectionRefusedError("nope", {"code": 7})
