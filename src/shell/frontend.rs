//! A frontend: its types, and how user code is called.

use super::{Failure, Found, Listeners, ShellDriver};
use crate::engine::Transport;
use crate::host::{JsText, JsWire, Platform, encode};
use crate::protocol::{Frame, PacketType};
use crate::socket::{
    Attempt, CallId, Delay, DisconnectReason, FinalReason, OutgoingPayload, Packet, Responder, Status,
};
use js_sys::{Array, JsString, Map};
use wasm_bindgen::JsValue;

/// Waits for one result.
pub trait Waiter<T> {
    /// Hands over the result. User code does not panic through it.
    fn settle(self, result: T);

    /// Returns true if nobody waits for the result any longer.
    fn is_abandoned(&self) -> bool {
        false
    }
}

/// The error type of a frontend, which the user sees.
pub trait FrontendError: Clone {
    /// Makes the error of a failure.
    fn of(platform: &Platform, failure: Failure<'_>) -> Self;

    /// Makes the error of something that was not done because the connection ended; with the error that ended it.
    fn disconnected(platform: &Platform, reason: DisconnectReason, cause: Option<Self>) -> Self;

    /// Returns the error for the log.
    fn logged(&self) -> JsValue;
}

/// The values of an event or an answer, as a frontend has them.
pub trait Outgoing {
    /// Returns the payload that carries the values. An `Err` is the thrown value.
    fn encode(&self, platform: &Platform, depth: u32) -> Result<OutgoingPayload<JsWire>, JsValue>;

    /// Returns the values for listeners of outgoing events.
    fn to_js(&self) -> Array;
}

impl Outgoing for Array {
    fn encode(&self, platform: &Platform, depth: u32) -> Result<OutgoingPayload<JsWire>, JsValue> {
        encode(platform, self, depth)
    }

    fn to_js(&self) -> Array {
        self.clone()
    }
}

/// A reserved event.
pub enum Notice<E> {
    /// `connect`
    Connected,
    /// `connect_error`: the server refused the namespace.
    Refused(E),
    /// `connect_error`: an attempt failed.
    AttemptFailed(E),
    /// `disconnect`
    Disconnected(Ending<E>),
    /// `disconnectFinal`
    Final(FinalReason),
}

/// An event of the whole connection, for the listeners of every namespace.
pub enum ConnectionNotice {
    /// `reconnect_attempt`: the wait for this attempt begins, with the delay in milliseconds.
    ReconnectAttempt(u32, u64),
    /// `reconnect`: the connection is back after so many attempts.
    Reconnected(u32),
    /// `reconnect_failed`
    ReconnectFailed,
    /// `state`: the new one, and the one before.
    State(Status, Status),
    /// `upgrade`
    Upgraded(Transport),
}

/// The end of a namespace's connection, or of an Engine.IO connection.
pub struct Ending<E> {
    /// One of the three reasons.
    pub reason: DisconnectReason,
    /// The finer cause.
    pub cause: &'static str,
    /// The error by which the connection was lost, if it was lost.
    pub error: Option<E>,
    /// The data of the server's DISCONNECT.
    pub data: Option<JsValue>,
}

/// A language's side of a Socket.IO client.
pub trait Frontend: Sized + 'static {
    /// An error.
    type Error: FrontendError;
    /// Waits for a `connect` or `connect_namespace`.
    type Connecting: Waiter<Result<(), Self::Error>>;
    /// Waits for a `disconnect`, whose result is the number of events that were not sent.
    type Disconnecting: Waiter<usize>;
    /// Waits for the end of the connection, or until nothing is buffered.
    type Waiting: Waiter<()>;
    /// Waits for an acknowledgement.
    type Call;
    /// Auth of a namespace that has its own.
    type Auth: Clone;
    /// The values of an event or an answer.
    type Values: Outgoing;

    // Acknowledgements

    /// Adds the waiter of a call.
    fn keep_call(&self, id: CallId, call: Self::Call);
    /// Removes and returns the waiter of a call.
    fn take_call(&self, id: CallId) -> Option<Self::Call>;
    /// The event and the namespace of a call.
    fn subject(call: &Self::Call) -> (JsValue, JsText);
    /// Returns false for a callback, which does not learn that its event was lost.
    fn is_awaited(_call: &Self::Call) -> bool {
        true
    }
    /// Settles a call with the values of its acknowledgement. User code may run in it.
    fn resolve(driver: &ShellDriver<Self>, call: Self::Call, values: Array);
    /// Settles a call with the reason why there is no acknowledgement.
    fn reject(call: Self::Call, error: Self::Error);

    // Listeners

    /// The listener table.
    fn listeners(&self) -> &Listeners;
    /// Reports an event that no listener can be called with. Returns true if it is one.
    fn refuse_event(_driver: &ShellDriver<Self>, _namespace: &JsString, _values: &Array) -> bool {
        false
    }
    /// Calls the listeners of an event, whose name is the first of the values. With a `responder`, the first result is the answer; there
    /// is none if no listener handles the event.
    fn call_listeners(
        driver: &ShellDriver<Self>,
        found: &Found<Map>,
        namespace: &JsString,
        values: &Array,
        responder: Option<Responder>,
    );
    /// Reports that an answer with these values cannot be written.
    fn on_unwritable_answer(
        driver: &ShellDriver<Self>,
        namespace: &JsText,
        _values: &Self::Values,
        _responder: Responder,
        error: Self::Error,
    ) {
        Self::report(driver, namespace, error);
    }
    /// Calls the listeners of a reserved event.
    fn notify(driver: &ShellDriver<Self>, namespace: JsText, notice: Notice<Self::Error>);
    /// Calls the listeners of an event of the whole connection, in every namespace that has one.
    fn notify_connection(driver: &ShellDriver<Self>, notice: ConnectionNotice);
    /// Asks the user's function for the delay before this attempt, whose number is given with the error of the one before.
    fn ask_delay(driver: &ShellDriver<Self>, number: u32, error: Self::Error) -> Delay;
    /// Is called when the client is no longer connected and no longer tries.
    fn on_ended(_driver: &ShellDriver<Self>) {}
    /// Reports an error that nobody waits for.
    fn report(driver: &ShellDriver<Self>, namespace: &JsText, error: Self::Error);

    // Attempts

    /// Evaluates url and headers: [`Shell::on_address`](super::Shell::on_address) is called with them, at once or later.
    fn evaluate_address(driver: &ShellDriver<Self>, attempt: Attempt);
    /// Evaluates a namespace's own auth, or the client's: [`Shell::on_auth`](super::Shell::on_auth) is called with it, at once or later.
    fn evaluate_auth(driver: &ShellDriver<Self>, own: Option<Self::Auth>, attempt: Attempt, namespaces: Vec<JsText>);

    // A user-supplied codec, in place of the default format

    /// Returns true if there is one.
    fn has_codec(&self) -> bool;
    /// Writes a packet.
    fn write(
        &self,
        platform: &Platform,
        kind: PacketType,
        namespace: &JsText,
        data: Option<&JsValue>,
        id: Option<u64>,
    ) -> Result<Vec<Frame<JsWire>>, Self::Error>;
    /// Writes a packet of an event or an answer.
    fn write_values(
        &self,
        platform: &Platform,
        kind: PacketType,
        namespace: &JsText,
        values: &Self::Values,
        id: Option<u64>,
    ) -> Result<Vec<Frame<JsWire>>, Self::Error>;
    /// Reads a frame: the packets that it completes. A panic of the codec is an error.
    fn read(&self, platform: &Platform, frame: Frame<JsWire>) -> Result<Vec<Packet<JsWire>>, Self::Error>;
    /// Drops the parts of an incomplete packet. It is called when a connection begins, and may panic.
    fn reset_codec(&self);

    // The client's life

    /// Is called with true when the client begins to connect, and with false when it is no longer connected and no
    /// longer tries.
    fn set_active(&self, is_active: bool);
    /// Is called when a promise that the frontend awaits is settled.
    fn on_promise(_driver: &ShellDriver<Self>, _token: u32, _result: Result<JsValue, JsValue>) {}
}
