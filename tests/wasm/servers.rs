//! The addresses of the test servers. `scripts/test-wasm.sh` starts the servers (`servers.mjs`) and passes each address in an environment
//! variable when it compiles the tests: a test in a browser has no environment. A test that needs a server calls one of these functions;
//! the tests of `no_server.rs` call none.

#![allow(dead_code)] // Each test program uses some of them.

fn address(url: Option<&'static str>) -> &'static str {
    url.expect("this test needs the servers of `make test-wasm`")
}

/// npm socket.io: `tests/servers/npm.mjs`.
pub fn url() -> &'static str {
    address(option_env!("SOCKETIO_TEST_URL"))
}

/// python-socketio: `tests/servers/python/serve.py`.
pub fn python_url() -> &'static str {
    address(option_env!("SOCKETIO_TEST_PYTHON_URL"))
}

/// python-socketio with short heartbeats, a small limit for messages, and `always_connect`.
pub fn lively_url() -> &'static str {
    address(option_env!("SOCKETIO_TEST_PYTHON_LIVELY"))
}

/// Socket.IO 2, otherwise like [`url`].
pub fn old_url() -> &'static str {
    address(option_env!("SOCKETIO_TEST_OLD"))
}

/// Engine.IO without Socket.IO: `tests/servers/engine.mjs`.
pub fn engine_url() -> &'static str {
    address(option_env!("SOCKETIO_TEST_ENGINE_URL"))
}

/// npm socket.io with MessagePack.
pub fn msgpack_url() -> &'static str {
    address(option_env!("SOCKETIO_TEST_MSGPACK"))
}

/// python-socketio with MessagePack.
pub fn python_msgpack_url() -> &'static str {
    address(option_env!("SOCKETIO_TEST_PYTHON_MSGPACK"))
}

/// python-socketio with CBOR.
pub fn python_cbor_url() -> &'static str {
    address(option_env!("SOCKETIO_TEST_PYTHON_CBOR"))
}

/// python-socketio with pickle.
pub fn python_pickle_url() -> &'static str {
    address(option_env!("SOCKETIO_TEST_PYTHON_PICKLE"))
}
