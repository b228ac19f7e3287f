"""The application for WSGI servers, as `wsgi:app`. The environment variable ASYNC_MODE names the kind of concurrency."""

import os

import socketio
from application import new_server, options


def pages(environ, start_response):
    known = environ["PATH_INFO"] == "/hello"
    headers = [("access-control-allow-origin", "*"), ("content-type", "text/plain")]
    start_response("200 OK" if known else "404 Not Found", headers)
    return [b"hello" if known else b"nothing here"]


sio = new_server(os.environ["ASYNC_MODE"])
if options.get("mounted"):
    from flask import Flask
    from werkzeug.middleware.dispatcher import DispatcherMiddleware

    app = Flask(__name__)
    app.add_url_rule("/hello", view_func=lambda: "hello")
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/mounted": socketio.WSGIApp(sio)})
else:
    app = socketio.WSGIApp(sio, pages, socketio_path=options.get("path", "socket.io"))
