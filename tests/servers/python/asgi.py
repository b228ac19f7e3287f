"""The application for ASGI servers, as `asgi:app`."""

import socketio
from application import new_server, options


async def pages(scope, receive, send):
    known = scope["path"] == "/hello"
    headers = [(b"access-control-allow-origin", b"*"), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200 if known else 404, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello" if known else b"nothing here"})


if options.get("mounted"):
    from starlette.applications import Starlette
    from starlette.routing import Mount

    # Starlette does not strip the prefix from the path.
    mounted = socketio.ASGIApp(new_server("asgi"), socketio_path="mounted/socket.io")
    app = Starlette(routes=[Mount("/mounted", app=mounted), Mount("/", app=pages)])
else:
    app = socketio.ASGIApp(new_server("asgi"), other_asgi_app=pages, socketio_path=options.get("path", "socket.io"))
