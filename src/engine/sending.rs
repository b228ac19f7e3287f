//! What is sent: queued, and handed over as far as the transport takes it.

use super::link::Link;
use super::{APART, Action, Config, Engine, Event, Outgoing, Output, Sink, State, TooLarge, TransportId};
use crate::protocol::{EnginePacket, Handshake, PayloadWriter, Wire};

/// The most packets in a POST to a server that may be python-engineio: it answers 200 to more, and drops them all.
const FEW_PACKETS: usize = 16;

/// The most bytes of packets that are put together for a server that does not say what it takes: the least that any is known to
/// take, netty-socketio, unless it is told otherwise. A packet by itself may be larger.
const UNTOLD_LIMIT: usize = 64 * 1024;

impl<W: Wire, T: Copy + Default> Engine<W, T> {
    /// Queues a message; [`flush`](Self::flush) hands it over. One that the server would not take is refused.
    pub fn send(&mut self, outgoing: Outgoing<W, T>) -> Result<(), TooLarge> {
        if let Some(session) = self.session()
            && let Some(limit) = session.handshake.max_payload
        {
            let excess = match session.link {
                Link::Polling(_) => outgoing.excess_on_polling(limit, self.revision),
                // A websocket that is being tried may carry what polling, with base64, could not.
                _ => outgoing.excess_on_websocket(limit, self.revision),
            };
            if let Some(excess) = excess {
                return Err(excess);
            }
        }
        self.outbox.push(outgoing);
        Ok(())
    }

    /// Hands over what is queued, as far as the transport takes it now.
    pub fn flush(&mut self, now: u64, sink: &mut Sink<W, T>) {
        let (State::Open(session) | State::Closing { session, .. }) = &mut self.state else { return };
        let wait = matches!(session.link, Link::Probing { .. });
        match &mut session.link {
            Link::Pausing { .. } => {}
            Link::WebSocket(socket) => {
                let socket = *socket;
                let mut frames = core::mem::take(&mut self.control);
                let just_written = self.last_written.is_some_and(|at| now < at.saturating_add(APART));
                if self.outbox.take_frames(&mut frames, just_written) {
                    self.last_written = Some(now);
                }
                if !frames.is_empty() {
                    self.revision.wrap(&mut frames);
                    sink.push(Output::Action(Action::SendFrames(socket, frames)));
                }
            }
            Link::Polling(polling) | Link::Probing { polling, .. } if polling.post.is_none() => {
                let told = session.handshake.max_payload;
                let limit = told.unwrap_or(usize::MAX);
                let packets = match self.config.max_packets_per_post {
                    Some(packets) => packets.get(),
                    None if session.takes_any_number => usize::MAX,
                    None => FEW_PACKETS,
                };
                let mut payload = PayloadWriter::new(self.revision, packets, told.unwrap_or(UNTOLD_LIMIT));
                let control = self.control.iter().take_while(|frame| payload.push(frame)).count();
                self.control.drain(..control);
                for (tag, excess) in self.outbox.fill(&mut payload, limit, wait) {
                    sink.push(Output::Event(Event::TooLarge(tag, excess)));
                }
                if let Some(body) = payload.finish() {
                    let timeout = post_timeout(&self.config, &session.handshake);
                    let id = TransportId(self.last_id.wrapping_add(1));
                    self.last_id = id.0;
                    polling.post = Some((id, now.saturating_add(timeout)));
                    sink.push(Output::Action(Action::Post(id, session.url.clone(), body)));
                }
            }
            Link::Polling(_) | Link::Probing { .. } => {}
        }
        self.close_when_written(now, sink);
    }

    /// A connection that closes: CLOSE is said when all is written, and then that is the end.
    fn close_when_written(&mut self, now: u64, sink: &mut Sink<W, T>) {
        let State::Closing { session, said, .. } = &mut self.state else { return };
        let posting = session.link.polling().is_some_and(|polling| polling.post.is_some());
        if posting || !self.outbox.is_empty() {
            return;
        }
        if core::mem::replace(said, true) {
            self.closed(None, sink);
        } else {
            // Alone in its POST: a server that reads it closes at once, whatever came with it.
            self.control.push(EnginePacket::Close.frame());
            self.flush(now, sink);
        }
    }
}

/// A POST may be large and the way slow: it has at least the time that the heartbeat gives the server.
pub(super) fn post_timeout<T>(config: &Config, handshake: &Handshake<T>) -> u64 {
    config.request_timeout.max(handshake.ping_interval.saturating_add(handshake.ping_timeout))
}
