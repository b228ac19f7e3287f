//! The fault of an error.

/// The side that caused an error.
///
/// ```no_run
/// use gloo_console::log;
/// use socketio_wasm::{Client, Fault};
///
/// async fn example(client: &Client) {
///     if let Err(error) = client.call::<u32>("add", (1, 2)).await {
///         match error.fault() {
///             Fault::Misuse => log!("fix this program"),
///             Fault::Peer => log!("fix the server"),
///             Fault::Network => log!("try again"),
///             Fault::None => log!("this program has disconnected"),
///         }
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// This program. The error says what to do instead.
    Misuse,
    /// The server.
    Peer,
    /// The network, a time limit, or a user-supplied function for URL, headers or auth that failed: the next attempt may succeed.
    Network,
    /// No side: the program has ended the connection itself, by `disconnect()`, before something else was done.
    None,
}
