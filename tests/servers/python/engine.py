"""An Engine.IO server without Socket.IO, at /engine.io/, as the head of ../engine.mjs describes."""

import json
import os

import engineio

options = json.loads(os.environ.get("SERVER_OPTIONS", "{}"))
SECONDS = {"pingInterval": "ping_interval", "pingTimeout": "ping_timeout"}

eio = engineio.AsyncServer(
    async_mode="asgi",
    cors_allowed_origins="*",
    **{name: options[key] / 1000 for key, name in SECONDS.items() if key in options},
    **({"max_http_buffer_size": options["maxHttpBufferSize"]} if "maxHttpBufferSize" in options else {}),
)
seen = {}  # sid: the reason of its end


@eio.on("connect")
async def connect(sid, environ):
    await eio.send(sid, "welcome")


@eio.on("message")
async def message(sid, data):
    if data == "close":
        await eio.disconnect(sid)
    else:
        await eio.send(sid, data)


@eio.on("disconnect")
def disconnect(sid, reason):
    seen[sid] = reason


async def pages(scope, receive, send):
    path, _, sid = scope["path"].rpartition("/")
    body = json.dumps(seen.get(sid)).encode() if path == "/seen" else b"nothing here"
    await send({"type": "http.response.start", "status": 200 if path == "/seen" else 404, "headers": []})
    await send({"type": "http.response.body", "body": body})


app = engineio.ASGIApp(eio, other_asgi_app=pages)
