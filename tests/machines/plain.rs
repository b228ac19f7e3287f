//! Drives a session over one websocket on any wire, without describing its outputs: for counts and measurements.

use socketio_wasm::engine::{self, Endpoints, TransportError, TransportId, Transports};
use socketio_wasm::protocol::{Frame, ProtocolVersion, Text, Wire};
use socketio_wasm::socket::{
    AckRequest, Action, Attempt, CallId, Connect, Input, OutgoingPayload, SendMode, Session, Settings,
};

/// The session, and its actions since they were last taken.
#[derive(Clone)]
pub struct Plain<W: Wire> {
    pub session: Session<W>,
    pub actions: Vec<Action<W>>,
    pub now: u64,
    names: Vec<W::Text>,
    attempt: Attempt,
    socket: TransportId,
}

/// Returns `/1`, `/2` and so on.
pub fn names(count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("/{number}")).collect()
}

/// Requests these namespaces over a websocket, for the present version, once.
pub fn request<W: Wire>(namespaces: Vec<W::Text>) -> Connect<W> {
    Connect {
        namespaces,
        transports: Transports::WebSocket,
        version: Some(ProtocolVersion::V4),
        wait: true,
        wait_timeout: 1_000,
        retry: false,
        retry_refused: false,
    }
}

impl<W: Wire> Plain<W> {
    /// Begins to connect; emitted events are buffered.
    pub fn connecting(names: &[String]) -> Self {
        let names: Vec<W::Text> = names.iter().map(|name| W::Text::from_ascii(name)).collect();
        let request = request::<W>(names.clone());
        let (session, attempt, socket) = (Session::new(Settings::default()), Attempt(0), TransportId(0));
        let mut plain = Self { session, actions: Vec::new(), now: 10_000, names, attempt, socket };
        plain.session.connect(plain.now, request).unwrap();
        plain.take_actions();
        plain
    }

    /// Connects all namespaces.
    pub fn connected(names: &[String]) -> Self {
        let mut plain = Self::connecting(names);
        plain.open();
        plain.grant();
        plain
    }

    /// Runs from `Prepare` to the CONNECT packets.
    pub fn open(&mut self) {
        for action in core::mem::take(&mut self.actions) {
            if let Action::Prepare(attempt) = action {
                self.attempt = attempt;
            }
        }
        let polling = W::Text::from_ascii("http://x/");
        let endpoints = Endpoints { polling, websocket: W::Text::from_ascii("ws://x/") };
        self.handle(Input::Prepared(self.attempt, endpoints, 0.5));
        for action in core::mem::take(&mut self.actions) {
            if let Action::Engine(engine::Action::OpenWebSocket(socket, _)) = action {
                self.socket = socket;
            }
        }
        let handshake =
            r#"0{"sid":"S","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000000}"#;
        self.receive(&W::Text::from_ascii(handshake));
        self.handle(Input::Authenticated(self.attempt, self.names.clone(), None));
        self.flush();
        self.actions.clear();
    }

    /// Answers the CONNECT packets, in their order.
    pub fn grant(&mut self) {
        for name in self.names.clone() {
            let packet = W::Text::from_ascii("40").concat(&name).concat(&W::Text::from_ascii(r#",{"sid":"x"}"#));
            self.receive(&packet);
        }
        self.actions.clear();
        assert_eq!(self.session.namespaces().count(), self.names.len());
    }

    pub fn handle(&mut self, input: Input<W>) {
        self.session.handle_input(self.now, input);
        self.take_actions();
    }

    pub fn tick(&mut self) {
        self.session.handle_timeout(self.now);
        self.take_actions();
    }

    pub fn disconnect(&mut self) {
        self.session.disconnect(self.now, None);
        self.take_actions();
    }

    fn take_actions(&mut self) {
        while let Some(action) = self.session.poll_output() {
            self.actions.push(action);
        }
    }

    /// Receives a frame from the server.
    pub fn receive_frame(&mut self, frame: Frame<W>) {
        self.handle(Input::Engine(engine::Input::WebSocketReceived(self.socket, frame)));
    }

    /// Receives an Engine.IO packet from the server.
    pub fn receive(&mut self, packet: &W::Text) {
        self.receive_frame(Frame::Text(packet.clone()));
    }

    /// Loses the connection, and lets the delay before the next attempt pass.
    pub fn cut(&mut self) {
        let failure = TransportError::SocketClosed(1006, W::Text::from_ascii(""));
        self.handle(Input::Engine(engine::Input::WebSocketClosed(self.socket, failure)));
        self.now += 10_000;
        self.tick();
    }

    /// Emits an event to a namespace; with `timeout`, as a call.
    pub fn emit(&mut self, name: &W::Text, payload: OutgoingPayload<W>, timeout: Option<u64>) -> Option<CallId> {
        let call = timeout.map(|timeout| (self.session.next_call(), Some(timeout)));
        self.session
            .emit(
                self.now,
                Some(name),
                payload,
                SendMode::Buffer,
                call.map(|(call, timeout)| AckRequest { call, timeout, is_awaited: true }),
            )
            .unwrap();
        self.take_actions();
        call.map(|(call, _)| call)
    }

    pub fn flush(&mut self) {
        self.session.flush(self.now);
        self.take_actions();
    }
}
