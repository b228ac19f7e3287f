"""The server for the clients in examples/, as the head of ../examples.mjs describes."""

import asyncio

import socketio

sio = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")
DATA = {"foo": "bar"}


def serve(namespace):
    async def connect(sid, environ, auth):
        async def acknowledged(*answer):
            await emit("acknowledged", answer, sid)

        await emit("message", "hello", sid)
        await emit("my message", DATA, sid)
        await emit("my_message", DATA, sid)
        await emit("my_event", DATA, sid, callback=acknowledged)
        await emit("my_custom_event", DATA, sid)

    async def emit(event, data, sid, **options):
        await sio.emit(event, data, to=sid, namespace=namespace, **options)

    async def my_message(sid, *args):
        return "OK", len(args)

    async def thank(sid, data):
        await emit("thanks", data, sid)

    async def chat_message(sid, data):
        await emit("reply", None, sid)

    async def goodbye(sid, *args):
        await sio.disconnect(sid, namespace=namespace)

    async def crash(sid):
        await sio.eio.disconnect(sio.manager.eio_sid_from_sid(sid, namespace))

    async def never(sid):
        await asyncio.Event().wait()  # returning would acknowledge

    handlers = {
        "connect": connect,
        "my message": my_message,
        "message": thank,
        "my_response": thank,
        "chat message": chat_message,
        "my response": goodbye,
        "goodbye": goodbye,
        "crash": crash,
        "never": never,
    }
    for event, handler in handlers.items():
        sio.on(event, handler, namespace=namespace)


for name in ("/", "/chat", "/test"):
    serve(name)


@sio.on("connect", namespace="/private")
async def refuse(sid, environ, auth):
    raise socketio.exceptions.ConnectionRefusedError("authentication failed")


app = socketio.ASGIApp(sio)
