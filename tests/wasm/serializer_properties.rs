//! Properties of every packet and every byte string, tested with many. The random numbers are the same in each run.

use crate::serializer_formats::{bytes, formats};
use socketio_wasm::Message;
use socketio_wasm::serializers::{Packet, PacketType, Value};
use wasm_bindgen_test::wasm_bindgen_test;

/// Pseudo-random numbers (xorshift).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % end
    }

    fn of<T: Clone>(&mut self, these: &[T]) -> T {
        these[self.below(these.len())].clone()
    }

    /// A count: usually small, sometimes too large for one byte or for two.
    fn count(&mut self) -> usize {
        let end = if self.below(200) == 0 { 70_000 } else { self.of(&[2, 8, 8, 8, 40, 300]) };
        self.below(end)
    }

    fn bytes(&mut self) -> Vec<u8> {
        (0..self.count()).map(|_| self.next() as u8).collect()
    }

    fn text(&mut self) -> String {
        (0..self.count())
            .map(|_| self.of(&['a', 'Z', '"', '\\', '\n', '\0', '\u{7f}', 'ü', '\u{feff}', '€', '🦀']))
            .collect()
    }

    fn value(&mut self, depth: u32) -> Value {
        // Containers have few elements; their depth makes the number of values grow.
        match self.below(if depth == 0 { 6 } else { 8 }) {
            0 => Value::Null,
            1 => Value::Bool(self.below(2) == 0),
            2 => Value::Int((self.next() as i64) >> self.below(64)),
            3 => Value::Float(self.of(&[0.0, -0.5, 1.0, 1e300, f64::MIN_POSITIVE, f64::INFINITY, 0.1])),
            4 => Value::Text(self.text()),
            5 => Value::Bytes(self.bytes()),
            6 => self.list(depth - 1),
            _ => Value::Map(
                (0..self.below(5)).map(|at| (format!("{at}{}", self.text()), self.value(depth - 1))).collect(),
            ),
        }
    }

    fn list(&mut self, depth: u32) -> Value {
        Value::List((0..self.below(5)).map(|_| self.value(depth)).collect())
    }

    fn packet(&mut self) -> Packet {
        let kind = self.of(&[
            PacketType::Connect,
            PacketType::Disconnect,
            PacketType::Event,
            PacketType::Ack,
            PacketType::ConnectError,
        ]);
        let id = Some(self.next() >> (11 + self.below(53)));
        Packet {
            kind,
            namespace: format!("/{}", self.text()),
            id: id.filter(|_| kind == PacketType::Ack || kind == PacketType::Event && self.below(2) == 0),
            data: match kind {
                PacketType::Event | PacketType::Ack => Some(self.list(4)),
                // Python writes null if a packet has no data.
                _ => Some(self.value(4)).filter(|data| *data != Value::Null),
            },
        }
    }

    /// Bytes with a few of them changed, removed, or doubled.
    fn damaged(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            let end = (at + self.below(9)).min(bytes.len());
            match self.below(3) {
                0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = self.next() as u8),
                1 => drop(bytes.drain(at..end)),
                _ => drop(bytes.splice(at..at, bytes[at..end].to_vec())),
            }
        }
        bytes
    }
}

#[wasm_bindgen_test]
fn random_packets_are_read_as_they_were_written() {
    for (name, format) in formats() {
        let mut chance = Chance(0x5eed);
        for round in 0..400 {
            let packet = chance.packet();
            let frames = format.encode(&packet).unwrap_or_else(|why| panic!("{name}, round {round}: {why}"));
            let read = format.decode(Message::Bytes(bytes(frames)));
            let read = read.unwrap_or_else(|why| panic!("{name}, round {round}: {why}: {packet:?}"));
            assert!(read == [packet], "{name}, round {round}");
        }
    }
}

/// A panic would end the test, and an endless loop would exceed its time limit.
#[wasm_bindgen_test]
fn random_and_damaged_bytes_are_read_or_refused() {
    // Opcodes of pickle, and first bytes of values in CBOR and MessagePack: with these, a decoder reads beyond the first byte.
    let heads = b"(.]}te0aspqhjg2NKMJGXCBUT\x80\x85\x86\x87\x88\x8c\x8e\x90\x94\x95\x82\xa1\xbf\x9f\xff\x5f\xc1\xdd\xdf\xc7\xd9\xa4type\xa3nsp";
    for (name, format) in formats() {
        let mut chance = Chance(0xb17e5);
        let mut packets = 0;
        for _ in 0..5_000 {
            let length = chance.below(60);
            let random = (0..length).map(|_| if chance.below(3) == 0 { chance.next() as u8 } else { chance.of(heads) });
            let random: Vec<u8> = random.collect();
            let _ = format.decode(random.into());
        }
        for _ in 0..100 {
            let written = bytes(format.encode(&chance.packet()).expect(name));
            for _ in 0..20 {
                let damaged = chance.damaged(written.clone());
                packets += usize::from(format.decode(damaged.into()).is_ok());
            }
        }
        assert!(
            packets > 100,
            "{name}: only {packets} damaged packets could be read: the damage is too large for this test"
        );
    }
}
