//! Names of events that only the client itself may use. Those that nobody may emit are in `src/tables.rs`: the npm facade has the list.

/// Events that a client makes itself. If a server could emit one, it would be believed to have ended the connection.
pub const CLIENT_EVENTS: [&str; 5] =
    ["connect", "connect_error", "disconnect", "disconnectFinal", "__disconnect_final"];
