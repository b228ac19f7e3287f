//! Checks that hold for every run.

use super::run::Run;
use crate::world::Accepted;
use socketio_wasm::engine;
use socketio_wasm::protocol::{Body, Frame, StdWire};
use socketio_wasm::socket::{Action, IncomingPayload, Loss, SendMode};
use std::collections::{BTreeMap, BTreeSet};

/// Returns the numbers of the events in a body.
fn numbers_in(body: &Body<StdWire>) -> Vec<u32> {
    numbers(&body.clone().into_text()).collect()
}

/// Returns the numbers of the events in a frame or body.
fn numbers(text: &str) -> impl Iterator<Item = u32> {
    text.split(r#"["n","#).skip(1).filter_map(|rest| rest.split(']').next()?.parse().ok())
}

impl Run {
    fn accepted(&self, number: u32) -> &Accepted {
        self.world.user.accepted.iter().find(|event| event.number == number).expect("an event that was accepted")
    }

    /// Returns the numbers of the events that reached the server.
    fn heard(&self) -> BTreeSet<u32> {
        let received = self.world.server.received.iter().map(|event| event.json.as_str());
        received.chain(self.world.server.ignored.iter().map(String::as_str)).flat_map(numbers).collect()
    }

    /// Returns each hand-over of an event to a transport, in order: the event, and the POST that carried it, if one did.
    fn handed_over(&self) -> Vec<(u32, Option<u32>)> {
        let mut handed = Vec::new();
        for (_, action) in &self.world.wire {
            match action {
                engine::Action::Post(id, _, body) => {
                    handed.extend(numbers_in(body).into_iter().map(|number| (number, Some(id.0))));
                }
                engine::Action::SendFrames(_, frames) => {
                    let texts = frames.iter().filter_map(|frame| match frame {
                        Frame::Text(text) => Some(text),
                        Frame::Bytes(_) => None,
                    });
                    handed.extend(texts.flat_map(|text| numbers(text)).map(|number| (number, None)));
                }
                _ => {}
            }
        }
        handed
    }

    /// Returns the events that were given to a websocket, wholly or in part.
    fn given_to_websockets(&self) -> BTreeSet<u32> {
        let mut given = BTreeSet::new();
        let mut last = None;
        for (_, action) in &self.world.wire {
            match action {
                engine::Action::Post(_, _, body) => last = numbers_in(body).last().copied().or(last),
                engine::Action::SendFrames(_, frames) => {
                    for frame in frames {
                        match frame {
                            Frame::Text(text) => {
                                given.extend(numbers(text));
                                last = numbers(text).last().or(last);
                            }
                            Frame::Bytes(_) => given.extend(last),
                        }
                    }
                }
                _ => {}
            }
        }
        given
    }

    pub fn check(&self) {
        self.the_server_hears_each_event_once_and_in_order();
        self.events_are_handed_over_once_and_in_order();
        self.the_client_hears_each_event_once_and_in_order();
    }

    fn the_server_hears_each_event_once_and_in_order(&self) {
        let mut heard = BTreeSet::new();
        let mut last = BTreeMap::new();
        for event in &self.world.server.received {
            let number = numbers(&event.json).next().unwrap();
            assert!(heard.insert(number), "{number} came twice");
            let before = last.insert((&event.sid, &event.namespace), number);
            assert!(before.is_none_or(|before| before < number), "{number} came after {before:?}");
            let accepted = self.accepted(number);
            if accepted.mode != SendMode::Buffer {
                assert_eq!(accepted.sid.as_ref(), Some(&event.sid), "{accepted:?} came on another connection");
            }
        }
    }

    /// Asserts that an event is handed over a second time only if the server refused its POST unread.
    fn events_are_handed_over_once_and_in_order(&self) {
        let mut last_of: BTreeMap<u32, (usize, Option<u32>)> = BTreeMap::new();
        for (at, (number, post)) in self.handed_over().into_iter().enumerate() {
            if let Some((_, before)) = last_of.insert(number, (at, post)) {
                let was_unread = before.is_some_and(|post| self.world.unread_posts.contains(&post));
                assert!(was_unread, "{number} is handed over twice: {:#?}", self.world.said());
            }
        }
        // A hand-over in an unread POST does not count for the order.
        last_of.retain(|_, (_, post)| post.is_none_or(|post| !self.world.unread_posts.contains(&post)));
        let mut in_order: Vec<(usize, u32)> = last_of.into_iter().map(|(number, (at, _))| (at, number)).collect();
        in_order.sort_unstable();
        let mut last = BTreeMap::new();
        for (_, number) in in_order {
            let before = last.insert(self.accepted(number).namespace, number);
            assert!(before.is_none_or(|before| before < number), "{number} is handed over after {before:?}");
        }
    }

    fn the_client_hears_each_event_once_and_in_order(&self) {
        let number = |payload: &IncomingPayload<StdWire>| match payload {
            IncomingPayload::Json(json, _) => {
                serde_json::from_str::<serde_json::Value>(&json.to_text()).ok()?.get(2)?.as_u64()
            }
            IncomingPayload::Value(value) => value.get(2)?.as_u64(),
        };
        let events = self.world.log.iter().filter_map(|(_, action)| match action {
            Action::Event(_, payload, _) => number(payload),
            _ => None,
        });
        assert!(events.is_sorted_by(|one, next| one < next), "{:#?}", self.world.said());
        assert_eq!(self.world.count(|action| matches!(action, Action::Dropped(..))), 0, "{:#?}", self.world.said());
    }

    /// Asserts that every lost event was reported, except those given to a websocket, whose loss cannot be known. To be called when no
    /// event is buffered.
    pub fn every_event_is_heard_or_counted(&self) {
        let heard = self.heard();
        let on_websocket = self.given_to_websockets();
        let counts = |event: &&Accepted| !event.is_call && event.mode != SendMode::Volatile;
        let events = || self.world.user.accepted.iter().filter(counts);
        let missing: Vec<u32> = events()
            .map(|event| event.number)
            .filter(|number| !heard.contains(number) && !on_websocket.contains(number))
            .collect();
        let (mut not_sent, mut possible, mut left, mut of_session) = (0, 0, 0, 0);
        for (_, action) in &self.world.log {
            match action {
                Action::Lost(_, Loss::NotSent, count) => not_sent += count,
                Action::Lost(_, Loss::Possible, count) => possible += count,
                // Several `disconnect`s of one session report the same number.
                Action::Ended => left += core::mem::take(&mut of_session),
                Action::DisconnectDone(_, count) => of_session = of_session.max(*count),
                _ => {}
            }
        }
        left += of_session;
        assert!(
            missing.len() <= not_sent + possible + left,
            "{missing:?} are lost without a report: {not_sent} not sent, {possible} possibly lost, {left} left; {:#?}",
            self.world.said()
        );
        let unheard = events().filter(|event| !heard.contains(&event.number)).count();
        assert!(not_sent <= unheard, "{not_sent} are reported as not sent, {unheard} are not heard");
    }
}
