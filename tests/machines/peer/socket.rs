//! The server's Socket.IO half.

use super::{Received, Server};
use socketio_wasm::protocol::Frame;

/// The head of a packet, its number of attachments, and those that have come.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    pub(super) head: (u8, String, Option<u64>, String),
    pub(super) missing: usize,
    pub(super) attachments: Vec<Vec<u8>>,
}

impl Server {
    pub(super) fn push(&mut self, at: usize, packet: &str, attachments: &[Vec<u8>]) {
        let out = &mut self.connections[at].out;
        out.push_back(Frame::Text(format!("4{packet}")));
        out.extend(attachments.iter().cloned().map(Frame::Bytes));
    }

    pub(super) fn socket_packet(&mut self, now: u64, at: usize, text: &str) {
        assert!(self.connections[at].pending.is_none(), "{text:?} came in place of an attachment");
        let (missing, head) = parse(text);
        self.connections[at].pending = Some(Pending { head, missing, attachments: Vec::new() });
        self.complete(now, at);
    }

    pub(super) fn attachment(&mut self, at: usize, bytes: Vec<u8>) {
        let pending = self.connections[at].pending.as_mut().expect("an attachment that a packet announced");
        pending.attachments.push(bytes);
        self.complete(0, at);
    }

    pub(super) fn complete(&mut self, now: u64, at: usize) {
        let Some(pending) =
            self.connections[at].pending.take_if(|pending| pending.attachments.len() == pending.missing)
        else {
            return;
        };
        let Pending { head: (kind, namespace, id, json), attachments, .. } = pending;
        let connected = self.connections[at].namespaces.contains(&namespace);
        match kind {
            b'0' => {
                if self.connections[at].is_v3 && connected {
                    // npm `socket.io` 2.x would connect it a second time in the application.
                    self.repeated_connects += 1;
                    return;
                }
                // To the client, a DISCONNECT of this server that crosses a CONNECT looks like a refusal.
                if connected && (self.has_sent_raw || self.has_left_namespace) {
                    return;
                }
                assert!(!connected, "a second CONNECT for {namespace}");
                self.connections[at].left.retain(|name| *name != namespace);
                self.connects.push((namespace.clone(), json));
                let early_events = self.behavior.early_events.clone();
                for json in early_events {
                    self.push(at, &format!("2{}{json}", wire_name(&namespace)), &[]);
                }
                self.connections[at].connecting.push((now + self.behavior.connect_takes, namespace));
                self.answer_connects(now);
            }
            b'1' => {
                if self.may_be_outdated(at, &namespace) {
                    return;
                }
                assert!(connected, "DISCONNECT from {namespace}, which is not connected");
                self.connections[at].namespaces.retain(|name| *name != namespace);
                self.disconnects.push(namespace);
            }
            b'2' | b'5' => {
                if self.may_be_outdated(at, &namespace) {
                    return self.ignored.push(json);
                }
                assert!(connected, "an event for {namespace}, which is not connected: {json}");
                if let Some(id) = id
                    && !json.starts_with(r#"["silent""#)
                {
                    let count = attachments.len();
                    let kind = if count > 0 { format!("6{count}-") } else { "3".to_owned() };
                    let answer = format!("{kind}{}{id}{json}", wire_name(&namespace));
                    self.push(at, &answer, &attachments);
                    self.deliver(at);
                }
                let sid = self.connections[at].sid.clone();
                self.received.push(Received { sid, namespace, json, attachments });
            }
            b'3' | b'6' => self.answers.push((id.expect("the id of an answer"), json)),
            _ => panic!("a client does not send {}", char::from(kind)),
        }
    }

    /// Leaves a namespace of every connection by a DISCONNECT packet.
    pub fn leave(&mut self, namespace: &str) {
        for at in 0..self.connections.len() {
            let connection = &mut self.connections[at];
            if connection.namespaces.extract_if(.., |name| name == namespace).next().is_some() {
                connection.left.push(namespace.to_owned());
                self.has_left_namespace = true;
                self.push(at, &format!("1{}", wire_name(namespace)), &[]);
                self.deliver(at);
            }
        }
    }

    /// Returns whether the client may not know that a namespace is not connected: this server has just left it, or has sent raw frames.
    fn may_be_outdated(&self, at: usize, namespace: &String) -> bool {
        let connection = &self.connections[at];
        !connection.namespaces.contains(namespace) && (self.has_sent_raw || connection.left.contains(namespace))
    }

    pub(super) fn answer_connects(&mut self, now: u64) {
        for at in 0..self.connections.len() {
            let due: Vec<String> =
                self.connections[at].connecting.extract_if(.., |(due, _)| now >= *due).map(|it| it.1).collect();
            for namespace in due {
                let prefix = wire_name(&namespace);
                if let Some(json) = self.behavior.refused.get(&namespace).cloned() {
                    self.push(at, &format!("4{prefix}{json}"), &[]);
                } else {
                    let sid = format!(r#"{{"sid":"{}{namespace}"}}"#, self.connections[at].sid);
                    let json = if self.connections[at].is_v3 { "" } else { &sid };
                    self.push(at, &format!("0{prefix}{json}"), &[]);
                    for packet in self.behavior.first_packets.clone() {
                        let (kind, json) = packet.split_at(1);
                        self.push(at, &format!("{kind}{prefix}{json}"), &[]);
                    }
                    self.connections[at].namespaces.push(namespace);
                }
            }
            self.deliver(at);
        }
    }
}

fn wire_name(namespace: &str) -> String {
    if namespace == "/" { String::new() } else { format!("{namespace},") }
}

/// Returns the number of attachments of a packet, and its type, namespace, id and JSON.
fn parse(text: &str) -> (usize, (u8, String, Option<u64>, String)) {
    let kind = text.as_bytes()[0];
    let mut rest = &text[1..];
    let mut attachments = 0;
    if matches!(kind, b'5' | b'6') {
        let (count, after) = rest.split_once('-').expect("a number of attachments");
        attachments = count.parse().expect("a number of attachments");
        rest = after;
    }
    let mut namespace = "/".to_owned();
    if rest.starts_with('/') {
        let (name, after) = rest.split_once(',').unwrap_or((rest, ""));
        namespace = name.to_owned();
        rest = after;
    }
    let json = rest.trim_start_matches(|character: char| character.is_ascii_digit());
    let id = rest[..rest.len() - json.len()].parse().ok();
    (attachments, (kind, namespace, id, json.to_owned()))
}
