//! What the host reports, and what becomes of it: the transitions of a connection that others cause.

use super::failure::{Failure, Transport};
use super::io::{Action, Event, Output, TransportId};
use super::link::{Link, Polling};
use super::{Engine, Session, Sink, State, Transports};
use crate::protocol::{EnginePacket, Frame, ProtocolError, Revision, Text, Wire, read_payload};

impl<W: Wire, T: Copy + Default> Engine<W, T> {
    pub(super) fn websocket_opened(&mut self, id: TransportId, sink: &mut Sink<W, T>) {
        if let State::Open(session) = &self.state
            && matches!(session.link, Link::Probing { socket, .. } if socket == id)
        {
            let probe = EnginePacket::Ping(W::Text::from_ascii("probe")).frame();
            sink.push(Output::Action(Action::SendFrames(id, vec![probe])));
        }
    }

    pub(super) fn websocket_received(&mut self, now: u64, id: TransportId, frame: Frame<W>, sink: &mut Sink<W, T>) {
        match &mut self.state {
            State::Opening { transport: Transport::WebSocket, id: opening, .. } if *opening == Some(id) => {
                self.first_frame(now, id, frame, sink);
            }
            State::Open(session) | State::Closing { session, .. } if session.link.socket() == Some(id) => {
                self.last_inbound = now;
                let packet = self.within_limit(&frame).and_then(|()| EnginePacket::read(&frame, self.revision));
                if self.is_probing() {
                    match packet {
                        Ok(EnginePacket::Pong(data)) if data == W::Text::from_ascii("probe") => {
                            self.probe_answered(now, sink);
                        }
                        _ => self.probe_failed(now, sink),
                    }
                    return;
                }
                match packet {
                    Ok(packet) => self.received(packet, sink),
                    Err(_) if self.transport() == Some(Transport::Polling) => self.probe_failed(now, sink),
                    Err(error) => self.malformed(error, frame, sink),
                }
                if !self.control.is_empty() {
                    self.flush(now, sink);
                }
            }
            _ => {}
        }
    }

    pub(super) fn websocket_closed(&mut self, now: u64, id: TransportId, failure: Failure<W>, sink: &mut Sink<W, T>) {
        match &self.state {
            State::Opening { transport: Transport::WebSocket, id: opening, .. } if *opening == Some(id) => {
                self.gone(id);
                self.rejected(now, failure, sink);
            }
            State::Open(session) | State::Closing { session, .. } if session.link.socket() == Some(id) => {
                let carried = matches!(session.link, Link::WebSocket(_));
                self.gone(id);
                if carried {
                    self.fail(failure, sink);
                } else {
                    self.next_requests(now, sink);
                }
            }
            _ => {}
        }
    }

    pub(super) fn responded(&mut self, now: u64, id: TransportId, status: u16, body: W::Text, sink: &mut Sink<W, T>) {
        if !self.uses_request(id) {
            return;
        }
        let polled = self.session().and_then(|session| session.link.polling()?.get) == Some(id);
        self.gone(id);
        if !(200..300).contains(&status) {
            self.rejected(now, Failure::from_status(status, body), sink);
            return;
        }
        let opening = matches!(self.state, State::Opening { .. });
        // In V3 the answer of a POST is no sign of life: pings are taken by it, and their pongs may wait for a poll that is lost.
        if opening || polled || matches!(self.revision, Revision::V4) {
            self.last_inbound = now;
        }
        if opening {
            self.first_payload(now, id, status, body, sink);
        } else if polled {
            self.polled(&body, sink);
        } else {
            self.posted(&body);
        }
        self.next_requests(now, sink);
    }

    /// The answer to the first GET: an OPEN packet, and whatever the server adds to it.
    fn first_payload(&mut self, now: u64, id: TransportId, status: u16, body: W::Text, sink: &mut Sink<W, T>) {
        let revision = Revision::of_payload(&body);
        let mut packets = read_payload::<W>(&body, revision);
        let Some(Ok(EnginePacket::Open(json))) = packets.next() else {
            self.fail(Failure::NotSocketIo(body), sink);
            return;
        };
        if !self.speak(now, revision) {
            self.fail(Failure::UnsupportedVersion(status, body), sink);
            return;
        }
        self.opened(now, id, &json, sink);
        for packet in packets {
            self.received_in_payload(packet, &body, sink);
        }
    }

    fn first_frame(&mut self, now: u64, id: TransportId, frame: Frame<W>, sink: &mut Sink<W, T>) {
        self.last_inbound = now;
        match EnginePacket::read(&frame, self.revision) {
            Ok(EnginePacket::Open(json)) => self.opened(now, id, &json, sink),
            _ => {
                let text = match frame {
                    Frame::Text(text) => text,
                    Frame::Bytes(_) => W::Text::from_ascii("binary data"),
                };
                self.fail(Failure::NotSocketIo(text), sink);
            }
        }
    }

    fn opened(&mut self, now: u64, id: TransportId, json: &W::Text, sink: &mut Sink<W, T>) {
        let State::Opening { transport, .. } = self.state else { return };
        let Some(handshake) = W::read_handshake(json) else {
            self.fail(Failure::NotSocketIo(json.clone()), sink);
            return;
        };
        if let Some(first) = self.first_failure.take()
            && handshake.max_payload.is_some()
            && matches!(self.revision, Revision::V3)
        {
            // A new server that serves old clients as well: it was not the revision that was wrong.
            self.fail(first, sink);
            return;
        }
        let with_sid =
            |endpoint: &W::Text| self.url(endpoint).concat(&W::Text::from_ascii("&sid=")).concat(&handshake.sid);
        let (url, target) = (with_sid(&self.endpoints.polling), with_sid(&self.endpoints.websocket));
        sink.push(Output::Event(Event::Opened(handshake.clone())));
        let link = match transport {
            Transport::WebSocket => Link::WebSocket(id),
            Transport::Polling => {
                let upgrade = self.config.transports == Transports::PollingThenWebSocket;
                if upgrade && handshake.upgrades_to_websocket {
                    let socket = TransportId(self.last_id.wrapping_add(1));
                    self.last_id = socket.0;
                    sink.push(Output::Action(Action::OpenWebSocket(socket, target)));
                    let deadline = now.saturating_add(self.config.request_timeout);
                    Link::Probing { polling: Polling::default(), socket, deadline }
                } else {
                    Link::Polling(Polling::default())
                }
            }
        };
        self.state = State::Open(Session { handshake, url, link, takes_any_number: false });
        self.ping_after_interval(now);
    }

    fn polled(&mut self, body: &W::Text, sink: &mut Sink<W, T>) {
        for packet in read_payload::<W>(body, self.revision) {
            self.received_in_payload(packet, body, sink);
        }
    }

    /// The answer to a POST tells the server's kind: python-engineio says `OK`; npm's `engine.io` and those that follow it, which
    /// count no packets, say `ok`. Until one has been answered, there are few packets in each.
    fn posted(&mut self, body: &W::Text) {
        if let State::Open(session) | State::Closing { session, .. } = &mut self.state
            && !session.takes_any_number
        {
            session.takes_any_number = *body == W::Text::from_ascii("ok");
        }
    }

    fn received_in_payload(
        &mut self,
        packet: Result<EnginePacket<W>, ProtocolError>,
        body: &W::Text,
        sink: &mut Sink<W, T>,
    ) {
        match packet {
            _ if matches!(self.state, State::Closed) => {}
            Ok(packet) => self.received(packet, sink),
            Err(error) => self.fail(Failure::Protocol(error, Some(body.clone())), sink),
        }
    }

    fn received(&mut self, packet: EnginePacket<W>, sink: &mut Sink<W, T>) {
        match packet {
            EnginePacket::Message(frame) => sink.push(Output::Event(Event::Message(frame))),
            EnginePacket::Ping(data) => self.control.push(EnginePacket::Pong(data).frame()),
            EnginePacket::Close => self.fail(Failure::ServerClosed, sink),
            EnginePacket::Open(json) => {
                self.fail(Failure::Protocol(ProtocolError::UnexpectedPacket, Some(json)), sink);
            }
            EnginePacket::Pong(_) | EnginePacket::Upgrade | EnginePacket::Noop => {}
        }
    }

    fn probe_answered(&mut self, now: u64, sink: &mut Sink<W, T>) {
        if let State::Open(session) = &mut self.state {
            session.link.probe_answered();
        }
        self.next_requests(now, sink);
    }

    /// Falls back on polling: nothing was sent on the websocket, so nothing is lost.
    pub(super) fn probe_failed(&mut self, now: u64, sink: &mut Sink<W, T>) {
        if let State::Open(session) = &mut self.state
            && let Some(socket) = session.link.probe_failed()
        {
            sink.push(Output::Action(Action::CloseWebSocket(socket)));
            self.next_requests(now, sink);
        }
    }

    /// After a request has ended: the next ones, or the step from polling to websocket.
    fn next_requests(&mut self, now: u64, sink: &mut Sink<W, T>) {
        // A session that closes polls no more: what the server would answer has no reader.
        if let State::Open(session) = &mut self.state {
            if let Some(socket) = session.link.polling_paused() {
                let upgrade = EnginePacket::Upgrade.frame();
                sink.push(Output::Action(Action::SendFrames(socket, vec![upgrade])));
                sink.push(Output::Event(Event::Upgraded));
            } else if let Link::Polling(polling) | Link::Probing { polling, .. } = &mut session.link
                && polling.get.is_none()
            {
                let id = TransportId(self.last_id.wrapping_add(1));
                self.last_id = id.0;
                polling.get = Some(id);
                sink.push(Output::Action(Action::Get(id, session.url.clone())));
            }
        }
        self.flush(now, sink);
    }

    fn malformed(&mut self, error: ProtocolError, frame: Frame<W>, sink: &mut Sink<W, T>) {
        let text = match frame {
            Frame::Text(text) => Some(text),
            Frame::Bytes(_) => None,
        };
        self.fail(Failure::Protocol(error, text), sink);
    }

    fn within_limit(&self, frame: &Frame<W>) -> Result<(), ProtocolError> {
        match frame {
            Frame::Text(text) if text.len() > self.config.limits.max_packet_size => Err(ProtocolError::PacketTooLarge),
            _ => Ok(()),
        }
    }
}
