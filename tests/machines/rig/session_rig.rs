//! A Socket.IO session, driven by hand.

use super::{closed, describe_action, endpoints, open_packet, opened, text};
use crate::world::word;
use socketio_wasm::engine::{self, TransportError, TransportId};
use socketio_wasm::protocol::{Frame, StdWire};
use socketio_wasm::socket::{
    AckRequest, Action, Attempt, CallId, CommandError, Connect, Input, OutgoingPayload, Responder, SendMode, Session,
    Settings, Status,
};

/// A session over websockets alone, and the time.
#[derive(Clone)]
pub struct SessionRig {
    pub session: Session<StdWire>,
    pub now: u64,
    /// The websocket in use.
    pub socket: u32,
    pub attempt: Attempt,
    pub responder: Option<Responder>,
    /// The outputs since they were last taken.
    outputs: Vec<Action<StdWire>>,
    /// The failure of the last attempt.
    pub last_failure: Option<TransportError<StdWire>>,
    /// The state that was last reported.
    status: Status,
}

pub fn request(namespaces: &[&str]) -> Connect<StdWire> {
    crate::plain::request(namespaces.iter().map(|name| (*name).to_owned()).collect())
}

impl SessionRig {
    pub fn new(settings: Settings) -> Self {
        Self {
            session: Session::new(settings),
            now: 10_000,
            socket: 0,
            attempt: Attempt(0),
            responder: None,
            outputs: Vec::new(),
            last_failure: None,
            status: Status::Disconnected,
        }
    }

    /// Connects namespaces on websocket 1.
    pub fn connected(namespaces: &[&str]) -> Self {
        Self::connected_with(Settings::default(), namespaces)
    }

    pub fn connected_with(settings: Settings, namespaces: &[&str]) -> Self {
        let mut rig = Self::new(settings);
        rig.connect(request(namespaces)).unwrap();
        rig.open();
        for name in namespaces {
            rig.grant(name);
        }
        assert_eq!(rig.session.namespaces().count(), namespaces.len());
        rig
    }

    /// Connects on a websocket that takes only one message before it is measured: the second one waits.
    pub fn congested() -> Self {
        let mut settings = Settings::default();
        settings.engine.high_water_mark = 1;
        let mut rig = Self::new(settings);
        rig.connect(request(&["/"])).unwrap();
        assert_eq!(rig.open(), ["send 1 40", "measure 1"]);
        rig.buffered(0);
        rig.grant("/");
        rig.emit("/", r#"["last"]"#).unwrap();
        rig.emit("/", r#"["next"]"#).unwrap();
        assert_eq!(rig.flush(), [r#"send 1 42["last"]"#, "measure 1"]);
        rig
    }

    /// Reports that so many bytes wait in the websocket.
    pub fn buffered(&mut self, bytes: usize) -> Vec<String> {
        self.handle(Input::Engine(engine::Input::WebSocketBuffered(TransportId(self.socket), bytes)))
    }

    pub fn step<R>(&mut self, step: impl FnOnce(&mut Session<StdWire>, u64) -> R) -> Vec<String> {
        self.step_for(step).1
    }

    /// Makes a step, and takes its outputs up to one of a kind, which it returns. The next step takes the others.
    pub fn step_until(
        &mut self,
        step: impl FnOnce(&mut Session<StdWire>, u64),
        is_last: impl Fn(&Action<StdWire>) -> bool,
    ) -> Action<StdWire> {
        step(&mut self.session, self.now);
        loop {
            let action = self.session.poll_output().expect("an output of this kind");
            if let Action::StateChanged(now, _) = action {
                self.status = now;
            }
            if is_last(&action) {
                return action;
            }
        }
    }

    /// Makes a step. Returns its result, and descriptions of the outputs.
    fn step_for<R>(&mut self, step: impl FnOnce(&mut Session<StdWire>, u64) -> R) -> (R, Vec<String>) {
        let result = step(&mut self.session, self.now);
        let mut actions = Vec::new();
        while let Some(action) = self.session.poll_output() {
            if let Action::StateChanged(now, before) = action {
                assert_eq!(
                    before,
                    core::mem::replace(&mut self.status, now),
                    "each change begins where the last one ended"
                );
            }
            actions.push(action);
        }
        assert_eq!(self.session.status(), self.status, "each change is reported");
        self.outputs.extend(actions.iter().cloned());
        let outputs = actions.iter().map(|action| match action {
            Action::Engine(action) => {
                if let engine::Action::OpenWebSocket(id, _) = action {
                    self.socket = id.0;
                }
                describe_action(action)
            }
            Action::Prepare(attempt) => {
                self.attempt = *attempt;
                "prepare".to_owned()
            }
            Action::Authenticate(attempt, names) => {
                assert_eq!(*attempt, self.attempt);
                format!("authenticate {}", names.join(" "))
            }
            other => {
                if let Action::Event(_, _, Some(responder)) = other {
                    self.responder = Some(*responder);
                }
                if let Action::AttemptFailed(_, failure) = other {
                    self.last_failure = Some(failure.clone());
                }
                word(other)
            }
        });
        let outputs = outputs.filter(|word| !word.is_empty()).collect();
        (result, outputs)
    }

    /// Takes all outputs since this was last called.
    pub fn take_all(&mut self) -> Vec<Action<StdWire>> {
        core::mem::take(&mut self.outputs)
    }

    /// The same, but only those about the state of the connection, and about namespaces that come and go.
    pub fn take_life(&mut self) -> Vec<Action<StdWire>> {
        let mut actions = self.take_all();
        actions.retain(|action| {
            use Action as A;
            matches!(action, A::Connected(_) | A::Disconnected(..) | A::DisconnectFinal(..) | A::StateChanged(..))
                || matches!(action, A::AskDelay(..) | A::ReconnectAttempt(..) | A::Reconnected(_) | A::ReconnectFailed)
        });
        actions
    }

    pub fn handle(&mut self, input: Input<StdWire>) -> Vec<String> {
        self.step(|session, now| session.handle_input(now, input))
    }

    pub fn connect(&mut self, request: Connect<StdWire>) -> Result<Vec<String>, CommandError> {
        let (result, outputs) = self.step_for(|session, now| session.connect(now, request));
        result.map(|_| outputs)
    }

    pub fn prepared(&mut self) -> Vec<String> {
        self.handle(Input::Prepared(self.attempt, endpoints(), 0.5))
    }

    /// Runs from `Prepare` to the CONNECT packets. Returns the frames with them.
    pub fn open(&mut self) -> Vec<String> {
        assert_eq!(self.prepared().len(), 1);
        let socket = self.socket;
        self.handle(Input::Engine(opened(socket)));
        self.receive(&open_packet(""));
        let names: Vec<String> = ["/", "/a", "/b", "/c"].map(str::to_owned).to_vec();
        let outputs = self.handle(Input::Authenticated(self.attempt, names, None));
        assert_eq!(outputs, [""; 0]);
        self.flush()
    }

    /// Receives an Engine.IO packet from the server.
    pub fn receive(&mut self, packet: &str) -> Vec<String> {
        self.handle(Input::Engine(text(self.socket, packet)))
    }

    /// Answers a CONNECT.
    pub fn grant(&mut self, name: &str) -> Vec<String> {
        let prefix = if name == "/" { String::new() } else { format!("{name},") };
        self.receive(&format!(r#"40{prefix}{{"sid":"sid of {name}"}}"#))
    }

    pub fn binary(&mut self, bytes: &[u8]) -> Vec<String> {
        let frame = Frame::Bytes(bytes.to_vec());
        self.handle(Input::Engine(engine::Input::WebSocketReceived(TransportId(self.socket), frame)))
    }

    pub fn cut(&mut self) -> Vec<String> {
        self.handle(Input::Engine(closed(self.socket)))
    }

    /// Lets time pass.
    pub fn after(&mut self, milliseconds: u64) -> Vec<String> {
        self.now += milliseconds;
        self.step(Session::handle_timeout)
    }

    pub fn flush(&mut self) -> Vec<String> {
        if !self.session.wants_flush() {
            return Vec::new();
        }
        self.step(Session::flush)
    }

    pub fn emit(&mut self, name: &str, json: &str) -> Result<(), CommandError> {
        self.emit_with(name, json, Vec::new(), SendMode::Buffer, None).map(|call| assert_eq!(call, None))
    }

    pub fn call(&mut self, name: &str, json: &str, timeout: Option<u64>) -> CallId {
        self.emit_with(name, json, Vec::new(), SendMode::Buffer, Some(timeout)).unwrap().unwrap()
    }

    pub fn emit_with(
        &mut self,
        name: &str,
        json: &str,
        attachments: Vec<Vec<u8>>,
        mode: SendMode,
        answer: Option<Option<u64>>,
    ) -> Result<Option<CallId>, CommandError> {
        let call = answer.map(|timeout| (self.session.next_call(), timeout));
        let payload = OutgoingPayload::Json(json.to_owned(), attachments);
        let emitted = self.emit_payload(name, payload, mode, call)?;
        Ok(call.map(|(call, _)| call).filter(|_| emitted))
    }

    pub fn emit_payload(
        &mut self,
        name: &str,
        payload: OutgoingPayload<StdWire>,
        mode: SendMode,
        answer: Option<(CallId, Option<u64>)>,
    ) -> Result<bool, CommandError> {
        let name = name.to_owned();
        self.step_for(|session, now| {
            session.emit(
                now,
                Some(&name),
                payload,
                mode,
                answer.map(|(call, timeout)| AckRequest { call, timeout, is_awaited: true }),
            )
        })
        .0
    }

    pub fn answer(&mut self, json: &str, attachments: Vec<Vec<u8>>) -> Vec<String> {
        let responder = self.responder.unwrap();
        let payload = OutgoingPayload::Json(json.to_owned(), attachments);
        self.step(|session, now| session.answer(now, responder, payload))
    }

    pub fn enter(&mut self, name: &str) -> Vec<String> {
        self.step(|session, now| session.connect_namespace(now, name.to_owned()).unwrap())
    }

    pub fn leave(&mut self, name: &str) -> Vec<String> {
        self.step(|session, now| session.disconnect_namespace(now, &name.to_owned()))
    }

    pub fn disconnect(&mut self) -> Vec<String> {
        self.step(|session, now| session.disconnect(now, None))
    }

    pub fn disconnect_flushing(&mut self, milliseconds: u64) -> Vec<String> {
        self.step(|session, now| session.disconnect(now, Some(milliseconds)))
    }
}
