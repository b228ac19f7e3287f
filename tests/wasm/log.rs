//! With the cargo feature `log`, the events of a session go to the logger of the crate `log`.

#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod support;
mod tamper;

use futures::StreamExt;
use log::{Level, LevelFilter, Log, Metadata, Record};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use tamper::Uncaught;
use wasm_bindgen_test::wasm_bindgen_test;

static LINES: Mutex<Vec<(Level, String)>> = Mutex::new(Vec::new());
static PANICS: AtomicBool = AtomicBool::new(false);

struct Lines;

impl Log for Lines {
    fn enabled(&self, line: &Metadata) -> bool {
        line.level() <= log::max_level()
    }

    fn log(&self, record: &Record) {
        if record.target() == "socketio_wasm" {
            assert!(!PANICS.load(Ordering::Relaxed), "an intended panic");
            LINES.lock().unwrap().push((record.level(), record.args().to_string()));
        }
    }

    fn flush(&self) {}
}

// [P10]
#[wasm_bindgen_test]
async fn a_session_is_logged_without_an_option() {
    let _ = log::set_logger(&Lines);
    log::set_max_level(LevelFilter::Info);
    let client = support::connected().await;
    client.connect_namespace("/refuse").await.expect_err("is refused");
    let mut events = client.events();
    client.emit("echo-back", "not logged").expect("is emitted");
    events.next().await.expect("an event");
    log::set_max_level(LevelFilter::Debug);
    client.emit("echo-back", "logged").expect("is emitted");
    events.next().await.expect("an event");
    client.disconnect().await;
    let lines = LINES.lock().unwrap();
    for (level, line) in [
        (Level::Info, "connected \"/\""),
        (Level::Warn, "refused \"/refuse\""),
        (Level::Debug, "received [\"/\",\"echo-back\"]"),
        (Level::Info, "ended"),
    ] {
        assert!(lines.iter().any(|(of, text)| *of == level && text == line), "{level} {line}: {lines:?}");
    }
    let received = lines.iter().filter(|(_, text)| text.starts_with("received")).count();
    assert_eq!(received, 1, "events are logged at the level Debug only: {lines:?}");
}

#[wasm_bindgen_test]
async fn a_logger_that_panics_prevents_nothing() {
    let _ = log::set_logger(&Lines);
    log::set_max_level(LevelFilter::Debug);
    let uncaught = Uncaught::new();
    PANICS.store(true, Ordering::Relaxed);
    let (hear, heard) = support::once();
    let client = support::builder().on("echo-back", move |_scope, number: u32| hear(number)).connect().await;
    let client = client.expect("connects");
    client.emit("echo-back", 7).expect("is emitted");
    assert_eq!(heard.await, Ok(7), "the handler is called after the logger has panicked");
    client.disconnect().await;
    PANICS.store(false, Ordering::Relaxed);
    assert!(uncaught.take() >= 3, "the lines connected, received and ended");
    uncaught.restore();
}
