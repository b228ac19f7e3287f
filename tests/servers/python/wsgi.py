"""What WSGI servers host: they are told `wsgi:app`; the environment says by which means things run at the same time."""

import os

import socketio
from application import new_server, options


def pages(environ, start_response):
    known = environ["PATH_INFO"] == "/hello"
    headers = [("access-control-allow-origin", "*"), ("content-type", "text/plain")]
    start_response("200 OK" if known else "404 Not Found", headers)
    return [b"hello" if known else b"nothing here"]


app = socketio.WSGIApp(new_server(os.environ["ASYNC_MODE"]), pages, socketio_path=options.get("path", "socket.io"))
