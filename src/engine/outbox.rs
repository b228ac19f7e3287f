//! Messages that wait for the transport: what is here is kept, what left it was handed over.

use super::TooLarge;
use crate::protocol::{EnginePacket, Frame, PayloadWriter, Revision, Text, Wire};
use std::collections::VecDeque;

/// How a message may travel: npm `socket.io` drops the events that it reads together with the DISCONNECT that follows them.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Manner {
    /// It would be lost by that.
    Event,
    /// It would not.
    Greeting,
    /// What must not reach the server in one read with an event before it.
    Farewell,
}

/// One message of the layer above, in one frame or in several that must follow each other directly.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing<W: Wire, T> {
    /// The sender's own mark.
    pub tag: T,
    head: Frame<W>,
    rest: Vec<Frame<W>>,
    manner: Manner,
    /// How many frames the transport has taken: more than none, and the message no longer counts as kept.
    handed: usize,
}

impl<W: Wire, T> Outgoing<W, T> {
    /// A message and what follows it.
    pub fn new(tag: T, message: Frame<W>, rest: impl IntoIterator<Item = Frame<W>>) -> Self {
        let frame = |message| EnginePacket::Message(message).frame();
        Self::framed(tag, frame(message), rest.into_iter().map(frame))
    }

    /// The same, in frames as a transport carries them.
    pub fn framed(tag: T, head: Frame<W>, rest: impl IntoIterator<Item = Frame<W>>) -> Self {
        Self { tag, head, rest: rest.into_iter().collect(), manner: Manner::Event, handed: 0 }
    }

    /// The same, travelling apart from the events that were sent before it: a DISCONNECT.
    pub fn apart(self) -> Self {
        Self { manner: Manner::Farewell, ..self }
    }

    /// The same, being no event from which another message would have to travel apart: a CONNECT.
    pub fn greeting(self) -> Self {
        Self { manner: Manner::Greeting, ..self }
    }

    fn is_apart(&self) -> bool {
        self.manner == Manner::Farewell
    }

    fn part(&self, index: usize) -> Option<&Frame<W>> {
        match index.checked_sub(1) {
            None => Some(&self.head),
            Some(index) => self.rest.get(index),
        }
    }

    /// The largest frame that `limit` does not admit, where `measure` says what a frame takes.
    fn excess(&self, limit: usize, revision: Revision, measure: fn(Revision, &Frame<W>) -> usize) -> Option<TooLarge> {
        let sizes = core::iter::once(&self.head).chain(&self.rest).map(|frame| match (revision, frame) {
            (Revision::V4, Frame::Text(text)) if text.fits(limit) => 0,
            _ => measure(revision, frame),
        });
        let size = sizes.fold(0, usize::max);
        (size > limit).then_some(TooLarge { size, limit })
    }

    /// Whether a websocket frame of the message would be over `limit`.
    pub(super) fn excess_on_websocket(&self, limit: usize, revision: Revision) -> Option<TooLarge> {
        self.excess(limit, revision, Revision::size)
    }

    /// Whether a packet of the message would be over `limit` in a polling payload.
    pub(super) fn excess_on_polling(&self, limit: usize, revision: Revision) -> Option<TooLarge> {
        self.excess(limit, revision, Revision::polled_size)
    }
}

/// The queue, in order of sending.
#[derive(Debug, Clone, PartialEq)]
pub struct Outbox<W: Wire, T> {
    /// A POST takes a few from the front of perhaps many.
    queue: VecDeque<Outgoing<W, T>>,
}

impl<W: Wire, T: Copy> Outbox<W, T> {
    pub(super) fn new() -> Self {
        // For a CONNECT, which is all that most clients send for a long time.
        Self { queue: VecDeque::with_capacity(1) }
    }

    pub(super) fn push(&mut self, outgoing: Outgoing<W, T>) {
        self.queue.push_back(outgoing);
    }

    pub(super) fn len(&self) -> usize {
        self.queue.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Whether the next message travels apart from those before it.
    pub(super) fn next_is_apart(&self) -> bool {
        self.queue.front().is_some_and(Outgoing::is_apart)
    }

    /// Takes the frames that may leave in one write, for a websocket: up to a message that travels apart, and that one
    /// only where no event was `written` just before. Says whether there were events.
    pub(super) fn take_frames(&mut self, frames: &mut Vec<Frame<W>>, mut written: bool) -> bool {
        let mut events = false;
        while let Some(outgoing) = self.queue.pop_front_if(|next| !(next.is_apart() && written)) {
            let Outgoing { head, rest, manner, handed, .. } = outgoing;
            written |= manner == Manner::Event;
            events |= manner == Manner::Event;
            if handed == 0 {
                frames.push(head);
            }
            frames.extend(rest.into_iter().skip(handed.saturating_sub(1)));
        }
        events
    }

    /// Fills one POST. A message over `limit` is returned instead of sent, unless `wait` says that a websocket, on which
    /// it may fit, is about to take over.
    pub(super) fn fill(&mut self, payload: &mut PayloadWriter<W>, limit: usize, wait: bool) -> Vec<(T, TooLarge)> {
        let mut dropped = Vec::new();
        let mut written = false;
        'messages: while let Some(front) = self.queue.front_mut() {
            // A POST is answered when the server has read it: the next one is apart from it, also where that need not be.
            if front.is_apart() && written {
                break;
            }
            if front.handed == 0
                && let Some(excess) = front.excess_on_polling(limit, payload.revision())
            {
                if wait {
                    break;
                }
                dropped.push((front.tag, excess));
            } else {
                while let Some(frame) = front.part(front.handed) {
                    if !payload.push(frame) {
                        break 'messages;
                    }
                    front.handed += 1;
                    written |= !front.is_apart();
                }
            }
            self.queue.pop_front();
        }
        dropped
    }

    /// Takes out the messages of which nothing was handed over and whose tag `wanted` picks.
    pub(super) fn withdraw(&mut self, wanted: impl Fn(&T) -> bool) {
        self.queue.retain(|outgoing| outgoing.handed > 0 || !wanted(&outgoing.tag));
    }

    /// What remains of a connection that ended: the messages of which nothing was handed over.
    pub(super) fn take_unsent(&mut self) -> Vec<Outgoing<W, T>> {
        core::mem::take(&mut self.queue).into_iter().filter(|outgoing| outgoing.handed == 0).collect()
    }
}
