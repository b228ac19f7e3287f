"""Hostings that need a program, not only a command: python programs.py <name> <number of the listening socket>"""

import os
import socket
import sys

name, listener = sys.argv[1], socket.socket(fileno=int(sys.argv[2]))


def aiohttp():
    from aiohttp import web
    from application import new_server, options

    async def hello(request):
        return web.Response(text="hello", headers={"access-control-allow-origin": "*"})

    app = web.Application()
    app.router.add_get("/hello", hello)
    mounted = web.Application() if options.get("mounted") else app
    new_server("aiohttp").attach(mounted, socketio_path=options.get("path", "socket.io"))
    if mounted is not app:
        app.add_subapp("/mounted", mounted)
    web.run_app(app, sock=listener, print=None)


def tornado():
    import asyncio

    import socketio
    from application import new_server, options
    from tornado import httpserver, web

    class Hello(web.RequestHandler):
        def get(self):
            self.set_header("access-control-allow-origin", "*")
            self.write("hello")

    async def serve():
        path = options.get("path", "socket.io")
        routes = [(f"/{path}/", socketio.get_tornado_handler(new_server("tornado"))), ("/hello", Hello)]
        listener.setblocking(False)
        httpserver.HTTPServer(web.Application(routes)).add_socket(listener)
        await asyncio.Event().wait()

    asyncio.run(serve())


def sanic():
    import sanic
    from application import new_server, options

    app = sanic.Sanic("tests", configure_logging=False)
    new_server("sanic").attach(app, socketio_path=options.get("path", "socket.io"))

    @app.get("/hello")
    async def hello(request):
        return sanic.text("hello", headers={"access-control-allow-origin": "*"})

    app.run(sock=listener, single_process=True, motd=False, access_log=False)


def werkzeug():
    os.environ["ASYNC_MODE"] = "threading"
    import logging

    from werkzeug.serving import make_server
    from wsgi import app

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    make_server("127.0.0.1", 0, app, threaded=True, fd=listener.fileno()).serve_forever()


def eventlet():
    os.environ["ASYNC_MODE"] = "eventlet"
    import eventlet
    import eventlet.wsgi
    from eventlet.greenio import GreenSocket

    eventlet.monkey_patch()
    from wsgi import app

    eventlet.wsgi.server(GreenSocket(listener), app, log_output=False)


def gevent(**server_options):
    os.environ["ASYNC_MODE"] = "gevent"
    from gevent import monkey

    monkey.patch_all()
    from gevent import pywsgi
    from gevent import socket as gevent_socket
    from wsgi import app

    green = gevent_socket.socket(fileno=os.dup(listener.fileno()))
    pywsgi.WSGIServer(green, app, log=None, **server_options).serve_forever()


def gevent_websocket():
    from geventwebsocket.handler import WebSocketHandler

    gevent(handler_class=WebSocketHandler)


def uwsgi():
    os.environ["ASYNC_MODE"] = "gevent_uwsgi"
    import pyuwsgi

    address = "%s:%d" % listener.getsockname()
    listener.close()  # uWSGI opens its own socket
    pyuwsgi.run(["--http", address, "--http-websockets", "--gevent", "100", "--master", "--disable-logging", "--module", "wsgi:app"])


globals()[name]()
