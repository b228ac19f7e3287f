"""A real Socket.IO server (python-socketio) for all test suites: python tests/servers/python/serve.py ['{"hosting":"uvicorn"}']

Prints {"port":N} on standard output when it answers on 127.0.0.1. Ends, with its process group, when standard input closes.
Options, namespaces and events are those of ../npm.mjs, whose head describes them. Besides:
  hosting: the hosting server, one of HOSTINGS below (default uvicorn)
  path: the path of Socket.IO
  mounted: true: Socket.IO is mounted below /mounted, by Starlette, Flask or aiohttp
  refusal: the answer to every connection, before any namespace
  tls: as in ../npm.mjs, only with uvicorn
  redis, name: the address of a redis-server that joins asynchronous servers to a cluster, and the name of this server
  python: further arguments of AsyncServer or Server
Events besides: node() acknowledges with the option `name`; join(room) adds the client to a room; shout(room, ...args) emits
shout(...args) to the room, or to all if it is null.
"""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

UVICORN = "-m uvicorn --fd {fd} --lifespan off --log-level error"
GUNICORN = "-m gunicorn --workers 1 --bind fd://{fd} --log-level error"

# name: python's arguments; {fd} is the listening socket
HOSTINGS = {
    "uvicorn": UVICORN + " asgi:app",
    "uvicorn-engine": UVICORN + " engine:app",
    "uvicorn-examples": UVICORN + " examples:app",
    "uvicorn-websockets": UVICORN + " --ws websockets asgi:app",
    "uvicorn-wsproto": UVICORN + " --ws wsproto asgi:app",
    "hypercorn": "-m hypercorn --bind fd://{fd} --log-level error asgi:app",
    "daphne": "-m daphne --fd {fd} --verbosity 0 asgi:app",
    "gunicorn-uvicorn": GUNICORN + " --worker-class uvicorn.workers.UvicornWorker asgi:app",
    "aiohttp": "programs.py aiohttp {fd}",
    "tornado": "programs.py tornado {fd}",
    "sanic": "programs.py sanic {fd}",
    "werkzeug": "programs.py werkzeug {fd}",
    "gunicorn-gthread": GUNICORN + " --threads 100 wsgi:app",
    "gunicorn-gevent": GUNICORN + " --worker-class gevent wsgi:app",
    "gunicorn-eventlet": GUNICORN + " --worker-class eventlet wsgi:app",
    "eventlet": "programs.py eventlet {fd}",
    "gevent": "programs.py gevent {fd}",
    "gevent-websocket": "programs.py gevent_websocket {fd}",
    "uwsgi": "programs.py uwsgi {fd}",
}

# The variable ASYNC_MODE for wsgi.py. programs.py sets it for the other hostings.
ASYNC_MODES = {
    "gunicorn-gthread": "threading",
    "gunicorn-gevent": "gevent",
    "gunicorn-eventlet": "eventlet",
}


TLS = {"cert": "ssl-certfile", "key": "ssl-keyfile", "ca": "ssl-ca-certs"}


def main():
    options = json.loads(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SERVER_OPTIONS", "{}"))
    hosting = options.get("hosting", "uvicorn")
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", options.get("port", 0)))
    except OSError as error:
        sys.exit(f"serve.py: cannot listen on port {options.get('port')}: {error}")
    listener.listen(100)
    tls = options.get("tls", {})
    certificates = [f"--{TLS[name]}={file}" for name, file in tls.items()]
    if "ca" in tls:
        certificates.append(f"--ssl-cert-reqs={ssl.CERT_REQUIRED:d}")
    child = subprocess.Popen(
        [sys.executable, *HOSTINGS[hosting].format(fd=listener.fileno()).split(), *certificates],
        cwd=os.path.dirname(os.path.abspath(__file__)),
        env={**os.environ, "SERVER_OPTIONS": json.dumps(options), "ASYNC_MODE": ASYNC_MODES.get(hosting, "")},
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        pass_fds=[listener.fileno()],
    )
    threading.Thread(target=end_with_standard_input, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: end())
    port = listener.getsockname()[1]
    listener.close()
    threading.Thread(target=print_port_when_it_answers, args=[port, bool(tls)], daemon=True).start()
    os._exit(child.wait() or 1)  # without waiting for the threads


def print_port_when_it_answers(port, has_tls):
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
                if has_tls:
                    break  # a TLS server queues connections until it answers
                connection.sendall(b"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if connection.recv(1):
                    break
        except OSError:
            time.sleep(0.05)  # the server opens its own socket later
    print(json.dumps({"port": port}), flush=True)


def end_with_standard_input():
    sys.stdin.buffer.read()
    end()


def end():
    os.killpg(os.getpgrp(), signal.SIGKILL)


main()
