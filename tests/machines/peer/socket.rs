//! The server's Socket.IO half.

use super::{Received, Server};
use socketio_wasm::protocol::Frame;

/// The head of a packet, and how many attachments are still to come.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    pub(super) head: (u8, String, Option<u64>, String),
    pub(super) missing: usize,
    pub(super) attachments: Vec<Vec<u8>>,
}

impl Server {
    pub(super) fn push(&mut self, at: usize, packet: &str, attachments: &[Vec<u8>]) {
        let out = &mut self.guests[at].out;
        out.push_back(Frame::Text(format!("4{packet}")));
        out.extend(attachments.iter().cloned().map(Frame::Bytes));
    }

    pub(super) fn socket_packet(&mut self, now: u64, at: usize, text: &str) {
        assert!(self.guests[at].pending.is_none(), "{text:?} where an attachment should come");
        let (missing, head) = parse(text);
        self.guests[at].pending = Some(Pending { head, missing, attachments: Vec::new() });
        self.complete(now, at);
    }

    pub(super) fn attachment(&mut self, at: usize, bytes: Vec<u8>) {
        let pending = self.guests[at].pending.as_mut().expect("an attachment that a packet announced");
        pending.attachments.push(bytes);
        self.complete(0, at);
    }

    pub(super) fn complete(&mut self, now: u64, at: usize) {
        let Some(pending) = self.guests[at].pending.take_if(|pending| pending.attachments.len() == pending.missing)
        else {
            return;
        };
        let Pending { head: (kind, namespace, id, json), attachments, .. } = pending;
        let connected = self.guests[at].namespaces.contains(&namespace);
        match kind {
            b'0' => {
                if self.guests[at].old && connected {
                    // npm `socket.io` 2.x would connect it once more in the application.
                    self.doubles += 1;
                    return;
                }
                // A DISCONNECT of this server that crosses a CONNECT looks to the client like its refusal.
                if connected && (self.has_babbled || self.has_left) {
                    return;
                }
                assert!(!connected, "a second CONNECT for {namespace}");
                self.guests[at].left.retain(|name| *name != namespace);
                self.connects.push((namespace.clone(), json));
                let overtaking = self.manners.overtaking.clone();
                for json in overtaking {
                    self.push(at, &format!("2{}{json}", wire_name(&namespace)), &[]);
                }
                self.guests[at].connecting.push((now + self.manners.connect_takes, namespace));
                self.answer_connects(now);
            }
            b'1' => {
                if self.is_to_blame(at, &namespace) {
                    return;
                }
                assert!(connected, "DISCONNECT from {namespace}, which is not connected");
                self.guests[at].namespaces.retain(|name| *name != namespace);
                self.disconnects.push(namespace);
            }
            b'2' | b'5' => {
                if self.is_to_blame(at, &namespace) {
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
                let sid = self.guests[at].sid.clone();
                self.received.push(Received { sid, namespace, json, attachments });
            }
            b'3' | b'6' => self.answers.push((id.expect("the id of an answer"), json)),
            _ => panic!("a client does not send {}", char::from(kind)),
        }
    }

    /// Leaves a namespace of every guest by a DISCONNECT packet.
    pub fn leave(&mut self, namespace: &str) {
        for at in 0..self.guests.len() {
            let guest = &mut self.guests[at];
            if guest.namespaces.extract_if(.., |name| name == namespace).next().is_some() {
                guest.left.push(namespace.to_owned());
                self.has_left = true;
                self.push(at, &format!("1{}", wire_name(namespace)), &[]);
                self.deliver(at);
            }
        }
    }

    /// Whether a client that takes a namespace for connected has reason to: this server has left it just now, or has said anything.
    fn is_to_blame(&self, at: usize, namespace: &String) -> bool {
        let guest = &self.guests[at];
        !guest.namespaces.contains(namespace) && (self.has_babbled || guest.left.contains(namespace))
    }

    pub(super) fn answer_connects(&mut self, now: u64) {
        for at in 0..self.guests.len() {
            let due: Vec<String> =
                self.guests[at].connecting.extract_if(.., |(due, _)| now >= *due).map(|it| it.1).collect();
            for namespace in due {
                let prefix = wire_name(&namespace);
                if let Some(json) = self.manners.refused.get(&namespace).cloned() {
                    self.push(at, &format!("4{prefix}{json}"), &[]);
                } else {
                    let sid = format!(r#"{{"sid":"{}{namespace}"}}"#, self.guests[at].sid);
                    let json = if self.guests[at].old { "" } else { &sid };
                    self.push(at, &format!("0{prefix}{json}"), &[]);
                    for packet in self.manners.welcome.clone() {
                        let (kind, json) = packet.split_at(1);
                        self.push(at, &format!("{kind}{prefix}{json}"), &[]);
                    }
                    self.guests[at].namespaces.push(namespace);
                }
            }
            self.deliver(at);
        }
    }
}

fn wire_name(namespace: &str) -> String {
    if namespace == "/" { String::new() } else { format!("{namespace},") }
}

/// Type, namespace, id and JSON of a packet, and before them its number of attachments.
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
