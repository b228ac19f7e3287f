"""A real Socket.IO server (python-socketio, ASGI under uvicorn) for all test suites: python tests/servers/python.py ['{"port":0}']

Says {"port":N} on standard output once it listens on 127.0.0.1; ends when standard input closes, or on SIGTERM.
Options, namespaces and events are those of npm.mjs, whose head describes them.
"""

import asyncio
import json
import os
import signal
import socket
import sys
import threading

import socketio
import uvicorn

options = json.loads(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SERVER_OPTIONS", "{}"))

RENAMED = {"maxHttpBufferSize": "max_http_buffer_size", "allowUpgrades": "allow_upgrades", "transports": "transports"}
SECONDS = {"pingInterval": "ping_interval", "pingTimeout": "ping_timeout"}

sio = socketio.AsyncServer(
    async_mode="asgi",
    cors_allowed_origins=options.get("cors", "*"),
    **{name: options[key] for key, name in RENAMED.items() if key in options},
    **{name: options[key] / 1000 for key, name in SECONDS.items() if key in options},
)

ids = {}  # sid: auth.id
counted = {}  # auth.id: values
sockets = []


def register(namespace, on_connect=None):
    async def connect(sid, environ, auth=None):
        ids[sid] = (auth or {}).get("id")
        if on_connect:
            await on_connect(sid, auth)

    async def echo(sid, *args):
        return args

    async def echo_back(sid, *args):
        await sio.emit("echo-back", args, to=sid, namespace=namespace)

    async def ask(sid, *args):
        async def answered(*answer):
            await sio.emit("answered", answer, to=sid, namespace=namespace)

        await sio.emit("question", args, to=sid, namespace=namespace, callback=answered)

    async def burst(sid, n):
        for index in range(n):
            await sio.emit("tick", index, to=sid, namespace=namespace)

    async def count(sid, value):
        counted.setdefault(ids[sid], []).append(value)

    async def counted_of(sid, of):
        return counted.get(of, [])

    async def binary(sid, list_):
        async def later():
            await sio.emit("binary", {"list": list_[::-1], "nested": [{"first": list_[0]}]}, to=sid, namespace=namespace)

        sio.start_background_task(later)
        return [len(item) if isinstance(item, bytes) else -1 for item in list_]

    async def kick(sid):
        await sio.disconnect(sid, namespace=namespace)

    async def close_engine(sid):
        await sio.eio.disconnect(sio.manager.eio_sid_from_sid(sid, namespace))

    async def never(sid, *args):
        await asyncio.get_running_loop().create_future()  # returning would acknowledge

    handlers = {
        "connect": connect,
        "echo": echo,
        "echo-back": echo_back,
        "ask": ask,
        "burst": burst,
        "count": count,
        "counted": counted_of,
        "binary": binary,
        "kick": kick,
        "close-engine": close_engine,
        "never": never,
    }
    for event, handler in handlers.items():
        sio.on(event, handler, namespace=namespace)


async def emit_early(sid, auth):
    for index in range(3):
        await sio.emit("early", index, to=sid, namespace="/early")


async def check_token(sid, auth):
    if (auth or {}).get("token") != "secret":
        raise socketio.exceptions.ConnectionRefusedError("wrong token")
    await sio.emit("welcome", auth, to=sid, namespace="/auth")


async def refuse(sid, auth):
    raise socketio.exceptions.ConnectionRefusedError("no entry")


async def refuse_with_data(sid, auth):
    raise socketio.exceptions.ConnectionRefusedError("nope", {"code": 7})


register("/")
register("/chat")
register("/early", emit_early)
register("/auth", check_token)
register("/refuse", refuse)
register("/refuse-data", refuse_with_data)


async def pages(scope, receive, send):
    known = scope["path"] == "/hello"
    headers = [(b"access-control-allow-origin", b"*"), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200 if known else 404, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello" if known else b"nothing here"})


class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print(json.dumps({"port": sockets[0].getsockname()[1]}), flush=True)


def end_with_standard_input():
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", options.get("port", 0)))
    except OSError as error:
        sys.exit(f"python.py: cannot listen on port {options.get('port')}: {error}")
    threading.Thread(target=end_with_standard_input, daemon=True).start()
    # No lifespan events: the page handler knows requests only.
    app = socketio.ASGIApp(sio, other_asgi_app=pages)
    server = Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    # At once, like a server that is taken away: waiting for open connections is not what the tests are about.
    server.install_signal_handlers = lambda: None
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    asyncio.run(server.serve(sockets=[listener]))


main()
