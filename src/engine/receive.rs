//! The reports of the host, and the transitions that they cause.

use super::io::{Action, Event, TransportId};
use super::sending::close_payload;
use super::transport_error::{Transport, TransportError};
use super::transport_state::{PollContent, Polling, Socket, TransportState};
use super::{Engine, Established, Opening, State, Transports, Unread};
use crate::protocol::{Body, EnginePacket, Frame, Handshake, ProtocolError, ProtocolVersion, Text, Wire, read_payload};

/// Upper limit for the wait of the first poll for messages of the layer above (milliseconds).
const MAX_FIRST_POLL_DELAY: u64 = 1_000;

impl<W: Wire, T: Copy + Default> Engine<W, T> {
    pub(super) fn on_websocket_opened(&mut self, id: TransportId) {
        if let State::Open(session) = &self.state
            && matches!(session.transport_state, TransportState::Probing { socket, .. } if socket == id)
        {
            let probe = EnginePacket::Ping(W::Text::from_ascii("probe")).frame();
            self.push_action(Action::SendFrames(id, vec![probe]));
        }
    }

    pub(super) fn on_websocket_frame(&mut self, id: TransportId, frame: Frame<W>) {
        match &self.state {
            State::Opening(Opening { transport: Transport::WebSocket, id: Some(opening), .. }) if *opening == id => {
                self.on_first_frame(id, frame);
            }
            State::Open(session) | State::Closing { session, .. } if session.transport_state.socket() == Some(id) => {
                self.last_inbound = self.now;
                let packet = EnginePacket::read(&frame, self.version);
                match (&session.transport_state, packet) {
                    (TransportState::WebSocket(_), Ok(packet)) => self.on_packet(packet),
                    (TransportState::WebSocket(_), Err(error)) => self.on_malformed(error, frame),
                    (TransportState::Probing { .. }, Ok(EnginePacket::Pong(data)))
                        if data == W::Text::from_ascii("probe") =>
                    {
                        self.on_probe_answered();
                    }
                    (TransportState::Pausing { .. }, Ok(packet)) => self.on_packet(packet),
                    _ => self.on_probe_failed(),
                }
            }
            _ => {}
        }
    }

    pub(super) fn on_websocket_closed(&mut self, id: TransportId, failure: TransportError<W>) {
        match &self.state {
            State::Opening(Opening { transport: Transport::WebSocket, id: Some(opening), .. }) if *opening == id => {
                self.on_transport_gone(id);
                self.on_transport_failed(failure);
            }
            State::Open(session) | State::Closing { session, .. } if session.transport_state.socket() == Some(id) => {
                let was_in_use = matches!(session.transport_state, TransportState::WebSocket(_));
                self.on_transport_gone(id);
                if was_in_use {
                    self.fail(failure);
                } else {
                    self.wants_flush = true;
                }
            }
            _ => {}
        }
    }

    /// Handles a request that was not answered. The server may have read it, unless it was `unsent`.
    pub(super) fn on_request_failed(&mut self, id: TransportId, message: Option<W::Text>, unsent: bool) {
        let failure = TransportError::Unreachable(Transport::Polling, message);
        match self.request(id) {
            Some(Request::Opening | Request::Get) => {
                self.on_transport_gone(id);
                self.on_transport_failed(failure);
            }
            Some(Request::Post) => self.on_post_failed(failure, unsent),
            None => {}
        }
    }

    pub(super) fn on_response(&mut self, id: TransportId, status: u16, body: Body<W>) {
        let Some(request) = self.request(id) else { return };
        if !(200..300).contains(&status) {
            let failure = TransportError::from_status(status, body.into_text());
            if let Request::Post = request {
                // A server that does not know the session has not read its packets.
                let unread = matches!(failure, TransportError::SessionUnknown(..));
                return self.on_post_failed(failure, unread);
            }
            self.on_transport_gone(id);
            return self.on_transport_failed(failure);
        }
        match request {
            Request::Opening => {
                self.on_transport_gone(id);
                self.last_inbound = self.now;
                self.on_first_payload(id, status, body);
            }
            Request::Get => {
                self.on_transport_gone(id);
                self.last_inbound = self.now;
                self.unread =
                    Some(Unread { packets: read_payload(body, self.version), content: Some(PollContent::Nothing) });
            }
            Request::Post => self.on_posted(body),
        }
    }

    fn request(&self, id: TransportId) -> Option<Request> {
        match &self.state {
            State::Opening(opening) if opening.transport == Transport::Polling && opening.id == Some(id) => {
                Some(Request::Opening)
            }
            State::Open(session) | State::Closing { session, .. } => {
                let polling = session.transport_state.polling().filter(|polling| polling.uses(id))?;
                Some(if polling.get == Some(id) { Request::Get } else { Request::Post })
            }
            _ => None,
        }
    }

    /// Handles the answer to the first GET: an OPEN packet, and whatever the server adds to it.
    fn on_first_payload(&mut self, id: TransportId, status: u16, body: Body<W>) {
        let version = ProtocolVersion::of_payload(&body);
        let mut packets = read_payload(body.clone(), version);
        let Some(Ok(EnginePacket::Open(json))) = packets.next() else {
            return self.on_transport_failed(TransportError::NotSocketIo(body.into_text()));
        };
        if !self.switch_version(version) {
            self.close_unused(version, &json);
            return self.on_transport_failed(TransportError::UnsupportedVersion(status, body.into_text()));
        }
        self.on_opened(id, &json);
        if matches!(self.state, State::Open(_)) {
            self.unread = Some(Unread { packets, content: None });
        }
    }

    fn on_first_frame(&mut self, id: TransportId, frame: Frame<W>) {
        self.last_inbound = self.now;
        match EnginePacket::read(&frame, self.version) {
            Ok(EnginePacket::Open(json)) => self.on_opened(id, &json),
            _ => self.on_transport_failed(TransportError::NotSocketIo(match frame {
                Frame::Text(text) => text,
                Frame::Bytes(_) => W::Text::from_ascii("binary data"),
            })),
        }
    }

    fn on_opened(&mut self, id: TransportId, json: &W::Text) {
        let State::Opening(Opening { transport, switched, .. }) = self.state else { return };
        let Some((handshake, sid)) = read_handshake::<W>(json) else {
            return self.on_transport_failed(TransportError::NotSocketIo(json.clone()));
        };
        if switched && handshake.max_payload.is_some() && matches!(self.version, ProtocolVersion::V3) {
            // A new server that serves old clients as well: the version was not the cause of the refusal.
            match transport {
                Transport::WebSocket => self.push_action(Action::CloseWebSocket(id)),
                Transport::Polling => self.close_unused(self.version, json),
            }
            return self.fail_opening();
        }
        self.clearest_failure = None;
        let (url, target) = (&self.endpoints.polling, &self.endpoints.websocket);
        let (url, target) = (self.url(url).concat(&sid), self.url(target).concat(&sid));
        let upgrades = self.config.transports == Transports::PollingThenWebSocket && handshake.upgrades_to_websocket;
        self.push_event(Event::Opened(handshake.clone()));
        let polling = || Polling::new(self.now.saturating_add(MAX_FIRST_POLL_DELAY));
        let transport_state = match transport {
            Transport::WebSocket => TransportState::WebSocket(Socket::new(id)),
            Transport::Polling if upgrades => {
                let polling = polling();
                let socket = self.next_id();
                self.push_action(Action::OpenWebSocket(socket, target));
                TransportState::Probing { polling, socket, deadline: self.step_deadline() }
            }
            Transport::Polling => TransportState::Polling(polling()),
        };
        self.state = State::Open(Established {
            handshake,
            url,
            transport_state,
            handshake_transport: transport,
            takes_any_number: false,
        });
        self.ping_after_interval();
    }

    /// Closes a session that the server has opened over polling, and that this client does not use.
    fn close_unused(&mut self, version: ProtocolVersion, json: &W::Text) {
        if let Some((_, sid)) = read_handshake::<W>(json)
            && let Some(body) = close_payload::<W>(version)
        {
            let url = self.url(&self.endpoints.polling).concat(&sid);
            self.push_action(Action::PostLast(url, body));
        }
    }

    /// Reads the next packet of the answer to a poll; `false` if there is none.
    pub(super) fn read_next_packet(&mut self) -> bool {
        let Some(unread) = &mut self.unread else { return false };
        match unread.packets.next() {
            Some(Ok(packet)) => {
                let content = match packet {
                    EnginePacket::Message(_) => PollContent::Message,
                    EnginePacket::Ping(_) | EnginePacket::Pong(_) => PollContent::Ping,
                    _ => PollContent::Nothing,
                };
                unread.content = unread.content.map(|before| before.max(content));
                self.on_packet(packet);
            }
            Some(Err(error)) => {
                let body = unread.packets.clone().into_text();
                self.fail(TransportError::Protocol(error, Some(body)));
            }
            None => {
                let content = unread.content;
                self.unread = None;
                // The answer to the handshake is not a poll.
                if let Some(content) = content {
                    self.on_polled(content);
                }
            }
        }
        true
    }

    /// Handles the end of a poll.
    fn on_polled(&mut self, content: PollContent) {
        let now = self.now;
        let Some(session) = self.session_mut() else { return };
        let is_probing = matches!(session.transport_state, TransportState::Probing { .. });
        let Some(polling) = session.transport_state.polling_mut() else { return };
        if let Some(empty_polls) = polling.on_polled(now, content) {
            if !is_probing {
                return self.fail(TransportError::EmptyPolls(empty_polls));
            }
            // The server may be waiting for this websocket.
            polling.reset_empty_polls();
            self.on_probe_failed();
        }
        self.on_request_ended();
    }

    /// Handles the answer to a POST, which shows the kind of server: python-engineio answers `OK`; npm's `engine.io` and those
    /// that follow it, which do not count packets, answer `ok`. Until the first answer, each POST carries few packets.
    fn on_posted(&mut self, body: Body<W>) {
        // In V3 the answer to a POST is no sign of life: it accepts pings whose pongs may wait for a poll that is lost.
        if matches!(self.version, ProtocolVersion::V4) {
            self.last_inbound = self.now;
        }
        let step_deadline = self.step_deadline();
        if let State::Closing { deadline, .. } = &mut self.state {
            *deadline = step_deadline;
        }
        let Some(session) = self.session_mut() else { return };
        if let Some(polling) = session.transport_state.polling_mut() {
            polling.post = None;
        }
        session.takes_any_number |= body.into_text() == W::Text::from_ascii("ok");
        self.on_request_ended();
    }

    /// Handles a failed POST, which ends the connection. If the server cannot have read it, its messages are buffered again.
    fn on_post_failed(&mut self, failure: TransportError<W>, unread: bool) {
        let post = self.session_mut().and_then(|session| session.transport_state.polling_mut()?.post.take());
        if let Some(post) = post {
            if unread {
                self.outbox.restore(post);
            } else {
                let lost = post.messages.into_iter().chain(self.outbox.take_partial());
                let lost: Vec<T> = lost.map(|outgoing| outgoing.tag).collect();
                if !lost.is_empty() {
                    self.push_event(Event::PossiblyLost(lost));
                }
            }
        }
        self.fail(failure);
    }

    fn on_packet(&mut self, packet: EnginePacket<W>) {
        match packet {
            EnginePacket::Message(message) if message.len() > self.config.limits.max_packet_size => {
                self.on_malformed(ProtocolError::PacketTooLarge, message.into_frame());
            }
            EnginePacket::Message(message) => self.push_event(Event::Message(message)),
            EnginePacket::Ping(data) => {
                self.control.push(EnginePacket::Pong(data).frame());
                self.wants_flush = true;
            }
            EnginePacket::Close => self.fail(TransportError::ServerClosed),
            EnginePacket::Open(json) => {
                self.fail(TransportError::Protocol(ProtocolError::UnexpectedPacket, Some(json)))
            }
            EnginePacket::Pong(_) | EnginePacket::Upgrade | EnginePacket::Noop => {}
        }
    }

    fn on_probe_answered(&mut self) {
        let deadline = self.step_deadline();
        if let State::Open(session) = &mut self.state {
            session.transport_state.on_probe_answered(deadline);
        }
        self.on_request_ended();
    }

    /// Falls back to polling: nothing was sent on the websocket, so nothing is lost.
    pub(super) fn on_probe_failed(&mut self) {
        if let State::Open(session) = &mut self.state
            && let Some(socket) = session.transport_state.on_probe_failed()
        {
            self.push_action(Action::CloseWebSocket(socket));
            self.wants_flush = true;
        }
    }

    /// Handles the end of a request: steps from polling to websocket, or lets the flush at the end of the turn make the next requests.
    fn on_request_ended(&mut self) {
        if let State::Open(session) = &mut self.state
            && self.unread.is_none()
            && let Some(socket) = session.transport_state.finish_pausing()
        {
            self.push_action(Action::SendFrames(socket, vec![EnginePacket::Upgrade.frame()]));
            self.push_event(Event::Upgraded);
        }
        self.wants_flush = true;
    }

    fn on_malformed(&mut self, error: ProtocolError, frame: Frame<W>) {
        let text = match frame {
            Frame::Text(text) => Some(text),
            Frame::Bytes(_) => None,
        };
        self.fail(TransportError::Protocol(error, text));
    }
}

/// Reads a handshake. Returns it, and the parameter for a URL with its session id.
fn read_handshake<W: Wire>(json: &W::Text) -> Option<(Handshake<W::Text>, W::Text)> {
    let handshake = W::read_handshake(json)?;
    let sid = W::Text::from_ascii("&sid=").concat(&handshake.sid.percent_encoded()?);
    Some((handshake, sid))
}

/// The purpose of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Request {
    /// To open the connection.
    Opening,
    /// To receive packets.
    Get,
    /// To send packets.
    Post,
}
