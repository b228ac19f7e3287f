//! Sending: messages are queued, and handed over as far as the transport takes them. And the end of a connection.

use super::transport_state::{Polling, Post, TransportState};
use super::{
    Action, Engine, Established, Event, Opening, Outgoing, State, TooLarge, Transport, TransportError, TransportId,
};
use crate::protocol::{Body, EnginePacket, PayloadWriter, ProtocolVersion, Wire};

/// The most packets in a POST to a server that may be python-engineio: it answers 200 to a larger one, and drops all of it.
const FEW_PACKETS: usize = 16;

/// The most bytes of packets in one POST to a server that does not state its limit: the lowest default of any known server,
/// that of netty-socketio. A packet by itself may be larger.
const DEFAULT_MAX_PAYLOAD: usize = 64 * 1024;

impl<W: Wire, T: Copy + Default> Engine<W, T> {
    /// Queues a message; [`flush`](Self::flush) hands it over. A message that the server would not accept is refused.
    pub fn send(&mut self, outgoing: Outgoing<W, T>) -> Result<(), TooLarge> {
        if let Some(session) = self.session()
            && let Some(limit) = session.handshake.max_payload
        {
            let excess = match session.transport_state {
                TransportState::Polling(_) => outgoing.excess_on_polling(limit, self.version),
                // A websocket that is being tried may carry a message that polling, with base64, could not.
                _ => outgoing.excess_on_websocket(limit, self.version),
            };
            if let Some(excess) = excess {
                return Err(excess);
            }
        }
        self.outbox.push(outgoing);
        self.wants_flush = true;
        Ok(())
    }

    /// Hands over the queued messages, as far as the transport takes them now; then polls.
    pub fn flush(&mut self, now: u64) {
        self.now = now;
        self.wants_flush = false;
        let Some(session) = self.session() else { return };
        match &session.transport_state {
            TransportState::WebSocket(socket) => self.send_frames(socket.id),
            TransportState::Polling(polling) | TransportState::Probing { polling, .. } if polling.post.is_none() => {
                self.post()
            }
            TransportState::Polling(_) | TransportState::Probing { .. } | TransportState::Pausing { .. } => {}
        }
        self.poll();
        self.close_when_written();
    }

    fn send_frames(&mut self, id: TransportId) {
        let mark = self.config.high_water_mark;
        let is_closing = matches!(self.state, State::Closing { .. });
        let (State::Open(session) | State::Closing { session, .. }) = &mut self.state else { return };
        let TransportState::WebSocket(socket) = &mut session.transport_state else { return };
        let mut frames = core::mem::take(&mut self.control);
        while let Some(room) = socket.room(mark) {
            let batch = self.outbox.take_frames(&mut frames, room, self.last_written.delaying(self.now, is_closing));
            socket.on_handed_over(batch.bytes);
            self.last_written.on_written(self.now, batch.written);
            // A DISCONNECT would have to wait here; closing the websocket says the same.
            let written = self.last_written.delaying(self.now, is_closing);
            if !is_closing || !self.outbox.is_next_isolated_from(written) {
                break;
            }
            self.outbox.skip_isolated(written);
        }
        let is_full = socket.room(mark).is_none() && socket.measure_at().is_none();
        if !frames.is_empty() {
            self.version.wrap(&mut frames);
            self.push_action(Action::SendFrames(id, frames));
        }
        if is_full {
            // Full by this count. Only the websocket knows how much of it has left meanwhile.
            self.push_action(Action::MeasureWebSocket(id));
        }
    }

    /// Measures a full websocket again when it may have room.
    pub(super) fn measure_if_due(&mut self) {
        let now = self.now;
        if let Some(session) = self.session_mut()
            && let TransportState::WebSocket(socket) = &mut session.transport_state
            && socket.measure_at().is_some_and(|at| now >= at)
        {
            socket.on_measure_started(now);
            let id = socket.id;
            self.push_action(Action::MeasureWebSocket(id));
        }
    }

    pub(super) fn on_websocket_buffered(&mut self, id: TransportId, bytes: usize) {
        let (now, mark, step_deadline) = (self.now, self.config.high_water_mark, self.step_deadline());
        let (State::Open(session) | State::Closing { session, .. }) = &mut self.state else { return };
        let TransportState::WebSocket(socket) = &mut session.transport_state else { return };
        if socket.id != id {
            return;
        }
        let progress = socket.on_measured(now, bytes, mark);
        let has_room = socket.room(mark).is_some();
        if let State::Closing { deadline, .. } = &mut self.state
            && progress
        {
            *deadline = step_deadline;
        }
        if has_room && !self.outbox.is_empty() {
            self.flush(now);
        } else {
            self.close_when_written();
        }
    }

    fn post(&mut self) {
        let (State::Open(session) | State::Closing { session, .. }) = &mut self.state else { return };
        let wait = matches!(session.transport_state, TransportState::Probing { .. });
        let max_payload = session.handshake.max_payload;
        let packets = match self.config.max_packets_per_post {
            Some(packets) => packets.get(),
            None if session.takes_any_number => usize::MAX,
            None => FEW_PACKETS,
        };
        let mut payload = PayloadWriter::new(self.version, packets, max_payload.unwrap_or(DEFAULT_MAX_PAYLOAD));
        let control = self.control.iter().take_while(|frame| payload.push(frame)).count();
        self.control.drain(..control);
        let mut dropped = Vec::new();
        let messages = self.outbox.fill(&mut payload, max_payload.unwrap_or(usize::MAX), wait, &mut dropped);
        for (tag, excess) in dropped {
            self.push_event(Event::TooLarge(tag, excess));
        }
        let Some(body) = payload.finish() else { return };
        let id = self.next_id();
        let Some(session) = self.session() else { return };
        let deadline = self.now.saturating_add(self.post_timeout(&session.handshake));
        let url = session.url.clone();
        if let Some(polling) = self.session_mut().and_then(|session| session.transport_state.polling_mut()) {
            polling.post = Some(Post { id, deadline, messages });
        }
        self.push_action(Action::Post(id, url, body));
    }

    /// Polls, if no GET hangs and it is time. The POST of the same turn was sent before: if the server read the poll first, it
    /// would answer it with the first packet alone, and the rest would wait for the next poll.
    fn poll(&mut self) {
        // A closing session that has nothing more to write needs no answer.
        let needs_answer = match &self.state {
            State::Open(_) => true,
            State::Closing { close_sent, .. } => !close_sent && !self.outbox.is_empty(),
            State::Opening(_) | State::Closed => false,
        };
        let now = self.now;
        let is_due = self.session().and_then(|session| session.transport_state.get_due()).is_some_and(|due| now >= due);
        if !needs_answer || !is_due || self.unread.is_some() {
            return;
        }
        let id = self.next_id();
        let Some(session) = self.session_mut() else { return };
        let url = session.url.clone();
        if let Some(polling) = session.transport_state.polling_mut() {
            polling.on_get_sent(now, id);
        }
        self.push_action(Action::Get(id, url));
    }

    /// Ends a closing connection when all is written. On polling, CLOSE is sent first.
    fn close_when_written(&mut self) {
        let State::Closing { session, close_sent, .. } = &mut self.state else { return };
        let is_posting = session.transport_state.post_deadline().is_some();
        if is_posting || !self.outbox.is_empty() {
            return;
        }
        if core::mem::replace(close_sent, true) {
            self.end(None);
        } else {
            // Alone in its POST: a server that reads CLOSE closes at once, whatever came with it.
            self.control.push(EnginePacket::Close.frame());
            self.flush(self.now);
        }
    }

    /// Ends the connection. Requests in flight are aborted, and the messages that may be lost by that are reported.
    pub(super) fn end(&mut self, failure: Option<TransportError<W>>) {
        self.unread = None;
        self.control.clear();
        // A connection that the user closes ends without a failure, whatever happens.
        let reported = failure.clone().filter(|_| !matches!(self.state, State::Closing { .. }));
        let reported = reported.map(|failure| self.refine_failure(failure));
        let leftovers = match core::mem::replace(&mut self.state, State::Closed) {
            State::Opening(Opening { transport: Transport::WebSocket, id, .. }) => Leftovers::without_post(id, None),
            State::Opening(Opening { transport: Transport::Polling, id, .. }) => Leftovers::without_post(None, id),
            State::Open(session) => self.leftovers_of(session, false, failure.as_ref()),
            State::Closing { session, close_sent, .. } => self.leftovers_of(session, close_sent, failure.as_ref()),
            State::Closed => return,
        };
        let Leftovers { socket, get, post, last_post } = leftovers;
        for id in get.into_iter().chain(post.as_ref().map(|post: &Post<W, T>| post.id)) {
            self.push_action(Action::Abort(id));
        }
        if let Some(id) = socket {
            self.push_action(Action::CloseWebSocket(id));
        }
        if let Some((url, body)) = last_post {
            self.push_action(Action::PostLast(url, body));
        }
        let posted = post.into_iter().flat_map(|post| post.messages);
        let lost: Vec<T> = posted.chain(self.outbox.take_partial()).map(|outgoing| outgoing.tag).collect();
        if !lost.is_empty() {
            self.push_event(Event::PossiblyLost(lost));
        }
        self.push_event(Event::Closed(reported));
    }

    /// Replaces a failure by `EmptyPolls` if the server answers polls with nothing. Before there are too many empty polls, another
    /// failure may end the connection, which says less: a short heartbeat, after which the server forgets the session, or a short
    /// wait for the namespaces.
    fn refine_failure(&self, failure: TransportError<W>) -> TransportError<W> {
        let polling = self.session().and_then(|session| session.transport_state.polling());
        match (failure, polling.and_then(Polling::suspicious_empty_polls)) {
            (
                TransportError::SessionUnknown(..) | TransportError::ServerClosed | TransportError::ConnectTimeout(..),
                Some(polls),
            ) => TransportError::EmptyPolls(polls),
            (failure, _) => failure,
        }
    }

    /// Takes the transports of a session that is over, and writes a CLOSE packet if the server would otherwise hold the session
    /// until its heartbeat ends.
    fn leftovers_of(
        &self,
        mut session: Established<W, T>,
        close_sent: bool,
        failure: Option<&TransportError<W>>,
    ) -> Leftovers<W, T> {
        let socket = session.transport_state.socket();
        let Some(polling) = session.transport_state.polling_mut() else { return Leftovers::without_post(socket, None) };
        let (get, post) = (polling.get, polling.post.take());
        let sends_close = !close_sent && failure.is_none_or(TransportError::may_leave_session_open);
        let body = if sends_close { close_payload::<W>(self.version) } else { None };
        Leftovers { socket, get, post, last_post: body.map(|body| (session.url, body)) }
    }
}

/// The transports of a connection that has ended: they are aborted or closed.
struct Leftovers<W: Wire, T> {
    socket: Option<TransportId>,
    get: Option<TransportId>,
    post: Option<Post<W, T>>,
    /// The URL and the body of the POST that closes the session at the server.
    last_post: Option<(W::Text, Body<W>)>,
}

impl<W: Wire, T> Leftovers<W, T> {
    /// Creates the leftovers of a connection that has no POST.
    fn without_post(socket: Option<TransportId>, get: Option<TransportId>) -> Self {
        Self { socket, get, post: None, last_post: None }
    }
}

/// Writes the body of a POST with a CLOSE packet.
pub(super) fn close_payload<W: Wire>(version: ProtocolVersion) -> Option<Body<W>> {
    let mut payload = PayloadWriter::<W>::new(version, 1, usize::MAX);
    payload.push(&EnginePacket::Close.frame());
    payload.finish()
}
