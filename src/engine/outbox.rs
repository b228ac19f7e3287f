//! Messages that wait for the transport: those in the outbox are buffered, those taken out were handed over.

use super::TooLarge;
use super::fifo::Fifo;
use super::isolation::{Batching, Written};
use super::transport_state::Post;
use crate::protocol::{Bytes, EnginePacket, Frame, Message, PayloadWriter, ProtocolVersion, Text, Wire};

/// One message of the layer above, in one frame or several that must follow each other directly.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing<W: Wire, T> {
    /// The tag of the layer above.
    pub tag: T,
    head: Frame<W>,
    rest: Vec<Frame<W>>,
    batching: Batching,
    /// The number of frames that the transport has taken. If it is more than 0, the message no longer counts as unsent.
    frames_handed: usize,
    /// The number of frames that it had taken before the last POST.
    frames_handed_before: usize,
}

impl<W: Wire, T> Outgoing<W, T> {
    /// Creates a message from a first payload and those that follow it.
    pub fn new(tag: T, message: Frame<W>, rest: impl IntoIterator<Item = Frame<W>>) -> Self {
        let frame = |message| EnginePacket::Message(Message::from(message)).frame();
        Self::from_frames(tag, frame(message), rest.into_iter().map(frame))
    }

    /// Creates a message from frames in the form in which a transport carries them.
    pub fn from_frames(tag: T, head: Frame<W>, rest: impl IntoIterator<Item = Frame<W>>) -> Self {
        Self {
            tag,
            head,
            rest: rest.into_iter().collect(),
            batching: Batching::Event,
            frames_handed: 0,
            frames_handed_before: 0,
        }
    }

    /// Marks the message as a DISCONNECT, which is isolated from the events that were sent before it.
    pub fn disconnecting(self) -> Self {
        Self { batching: Batching::Disconnect, ..self }
    }

    /// Marks the message as a CONNECT, which is isolated from the DISCONNECT that was sent before it.
    pub fn connecting(self) -> Self {
        Self { batching: Batching::Connect, ..self }
    }

    fn is_disconnect(&self) -> bool {
        self.batching == Batching::Disconnect
    }

    fn part(&self, index: usize) -> Option<&Frame<W>> {
        match index.checked_sub(1) {
            None => Some(&self.head),
            Some(index) => self.rest.get(index),
        }
    }

    /// Returns the largest frame that exceeds `limit`, with sizes by `measure`.
    fn excess(
        &self,
        limit: usize,
        version: ProtocolVersion,
        measure: fn(ProtocolVersion, &Frame<W>) -> usize,
    ) -> Option<TooLarge> {
        let sizes = core::iter::once(&self.head).chain(&self.rest).map(|frame| match (version, frame) {
            (ProtocolVersion::V4, Frame::Text(text)) if text.fits(limit) => 0,
            _ => measure(version, frame),
        });
        let size = sizes.fold(0, usize::max);
        (size > limit).then_some(TooLarge { size, limit })
    }

    /// Returns the excess if a websocket frame of the message exceeds `limit`.
    pub(super) fn excess_on_websocket(&self, limit: usize, version: ProtocolVersion) -> Option<TooLarge> {
        self.excess(limit, version, ProtocolVersion::size)
    }

    /// Returns the excess if a packet of the message exceeds `limit` in a polling payload.
    pub(super) fn excess_on_polling(&self, limit: usize, version: ProtocolVersion) -> Option<TooLarge> {
        self.excess(limit, version, ProtocolVersion::polling_size)
    }
}

/// Estimates the size of a frame in bytes: a string is not measured unit by unit for this.
fn rough_size<W: Wire>(frame: &Frame<W>) -> usize {
    match frame {
        Frame::Text(text) => text.len(),
        Frame::Bytes(bytes) => bytes.len(),
    }
}

/// The content of one write to a websocket.
pub(super) struct Batch {
    /// The kinds of its messages.
    pub written: Written,
    /// An estimate of their size in bytes.
    pub bytes: usize,
}

/// The queue, in the order of sending.
#[derive(Debug, Clone, PartialEq)]
pub struct Outbox<W: Wire, T> {
    /// A POST takes a few from the front of perhaps many.
    queue: Fifo<Outgoing<W, T>>,
}

impl<W: Wire, T: Copy> Outbox<W, T> {
    pub(super) fn new() -> Self {
        Self { queue: Fifo::new() }
    }

    pub(super) fn push(&mut self, outgoing: Outgoing<W, T>) {
        self.queue.push(outgoing);
    }

    pub(super) fn len(&self) -> usize {
        self.queue.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Returns true if the next message must not follow `written` at once.
    pub(super) fn is_next_isolated_from(&self, written: Written) -> bool {
        self.queue.first().is_some_and(|next| written.delays(next.batching))
    }

    /// Drops the messages at the front that must not follow `written` at once.
    pub(super) fn skip_isolated(&mut self, written: Written) {
        while self.is_next_isolated_from(written) {
            self.queue.pop();
        }
    }

    /// Takes the frames that may leave in one write, for a websocket with room for so many bytes. It stops at a message that is
    /// isolated from one before it.
    pub(super) fn take_frames(&mut self, frames: &mut Vec<Frame<W>>, room: usize, mut before: Written) -> Batch {
        let mut batch = Batch { written: Written::default(), bytes: 0 };
        let mut taken = 0_usize;
        while taken == 0 || batch.bytes < room {
            if self.is_next_isolated_from(before) {
                break;
            }
            let Some(outgoing) = self.queue.pop() else { break };
            taken += 1;
            let Outgoing { head, rest, batching, frames_handed, .. } = outgoing;
            before.add(batching);
            batch.written.add(batching);
            let first = frames.len();
            if frames_handed == 0 {
                frames.push(head);
            }
            frames.extend(rest.into_iter().skip(frames_handed.saturating_sub(1)));
            let sizes = frames.iter().skip(first).map(rough_size);
            batch.bytes = sizes.fold(batch.bytes, usize::saturating_add);
        }
        batch
    }

    /// Fills one POST, and returns the messages that it completes. A message over `limit` goes to `dropped` instead. With `wait`
    /// it stays, because a websocket, on which it may fit, is about to take over.
    pub(super) fn fill(
        &mut self,
        payload: &mut PayloadWriter<W>,
        limit: usize,
        wait: bool,
        dropped: &mut Vec<(T, TooLarge)>,
    ) -> Vec<Outgoing<W, T>> {
        let mut completed = Vec::new();
        let mut written = Written::default();
        'messages: while let Some(front) = self.queue.first_mut() {
            // A POST is answered when the server has read it: what the next POST carries is isolated from it.
            if written.delays(front.batching) {
                break;
            }
            let excess =
                if front.frames_handed == 0 { front.excess_on_polling(limit, payload.version()) } else { None };
            if let Some(excess) = excess {
                if wait {
                    break;
                }
                dropped.push((front.tag, excess));
                self.queue.pop();
                continue;
            }
            front.frames_handed_before = front.frames_handed;
            while let Some(frame) = front.part(front.frames_handed) {
                if !payload.push(frame) {
                    break 'messages;
                }
                front.frames_handed += 1;
                // The server connects a namespace later than it reads the CONNECT.
                written.event |= !front.is_disconnect();
                written.disconnect |= front.is_disconnect();
            }
            completed.extend(self.queue.pop());
        }
        completed
    }

    /// Takes back a POST that the server cannot have read: its messages return to the queue, in order.
    pub(super) fn restore(&mut self, post: Post<W, T>) {
        if let Some(front) = self.queue.first_mut() {
            front.frames_handed = front.frames_handed_before;
        }
        for mut outgoing in post.messages.into_iter().rev() {
            outgoing.frames_handed = outgoing.frames_handed_before;
            self.queue.push_front(outgoing);
        }
    }

    /// Removes the messages of which nothing was handed over and whose tag `wanted` picks.
    pub(super) fn cancel_unsent(&mut self, mut wanted: impl FnMut(&T) -> bool) {
        self.queue.retain(|outgoing| outgoing.frames_handed > 0 || !wanted(&outgoing.tag));
    }

    /// Takes out the message that was handed over in part: its rest has no place on another connection.
    pub(super) fn take_partial(&mut self) -> Option<Outgoing<W, T>> {
        let is_partial = self.queue.first().is_some_and(|front| front.frames_handed > 0);
        if is_partial { self.queue.pop() } else { None }
    }

    /// Takes all remaining messages of a connection that has ended.
    pub(super) fn take_unsent(&mut self) -> Vec<Outgoing<W, T>> {
        core::mem::replace(&mut self.queue, Fifo::new()).into_vec()
    }
}
