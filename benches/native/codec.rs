//! Measures packets and payloads, by their size and number.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput};
use socketio_wasm::protocol::{
    Bytes, EnginePacket, Frame, Limits, PacketType, PayloadWriter, ProtocolVersion, StdWire, message_text, read_header,
    read_payload,
};
use std::hint::black_box;

/// Returns the bytes of a packet.
const SIZES: [usize; 6] = [10, 100, 1_000, 10_000, 100_000, 1_000_000];

/// Returns an event of about that size.
fn event(size: usize) -> String {
    format!("2/chat,12[\"{}\"]", "x".repeat(size))
}

pub fn measure(criterion: &mut Criterion) {
    engine_packets(criterion);
    payloads(criterion);
    socket_packets(criterion);
}

fn engine_packets(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("engine packet");
    for size in SIZES {
        group.throughput(Throughput::Bytes(size as u64));
        let packet = EnginePacket::<StdWire>::Message(Frame::Text(event(size)).into());
        group.bench_with_input(BenchmarkId::new("write", size), &packet, |bencher, packet| {
            bencher.iter_batched(|| packet.clone(), EnginePacket::frame, BatchSize::SmallInput);
        });
        group.bench_with_input(BenchmarkId::new("read", size), &packet.frame(), |bencher, frame| {
            bencher.iter(|| EnginePacket::read(black_box(frame), ProtocolVersion::V4));
        });
    }
}

fn payload(revision: ProtocolVersion, packets: usize, frame: &Frame<StdWire>) -> String {
    let mut payload = PayloadWriter::new(revision, usize::MAX, usize::MAX);
    for _ in 0..packets {
        payload.push(frame);
    }
    payload.finish().unwrap().into_text()
}

fn payloads(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("payload");
    for (name, revision) in [("V3", ProtocolVersion::V3), ("V4", ProtocolVersion::V4)] {
        for size in SIZES {
            group.throughput(Throughput::Bytes(10 * size as u64));
            let text = EnginePacket::Message(Frame::Text(event(size)).into()).frame();
            let binary = Frame::Bytes(vec![0; size]);
            for (kind, frame) in [("text", text), ("binary", binary)] {
                group.bench_function(BenchmarkId::new(format!("write 10 of {kind}, {name}"), size), |bencher| {
                    bencher.iter(|| payload(revision, 10, &frame));
                });
                let body = payload(revision, 10, &frame);
                group.bench_function(BenchmarkId::new(format!("read 10 of {kind}, {name}"), size), |bencher| {
                    let read = |body: String| read_payload::<StdWire>(body.into(), revision).count();
                    bencher.iter_batched(|| body.clone(), read, BatchSize::SmallInput);
                });
            }
        }
        for packets in [1, 10, 100, 1_000] {
            group.throughput(Throughput::Elements(packets as u64));
            let body = payload(revision, packets, &EnginePacket::Message(Frame::Text(event(50)).into()).frame());
            group.bench_function(BenchmarkId::new(format!("read so many, {name}"), packets), |bencher| {
                let read = |body: String| read_payload::<StdWire>(body.into(), revision).count();
                bencher.iter_batched(|| body.clone(), read, BatchSize::SmallInput);
            });
        }
    }
}

fn socket_packets(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("socket packet");
    for size in SIZES {
        group.throughput(Throughput::Bytes(size as u64));
        let (packet, payload, name) = (event(size), "x".repeat(size), "/chat".to_owned());
        let limits = Limits::default();
        group.bench_function(BenchmarkId::new("read header", size), |bencher| {
            bencher.iter(|| read_header(black_box(&packet), 0, &limits));
        });
        group.bench_function(BenchmarkId::new("write header and payload", size), |bencher| {
            bencher.iter(|| message_text(PacketType::Event, 0, Some(&name), Some(12), black_box(&payload)));
        });
        group.bench_function(BenchmarkId::new("base64", size), |bencher| {
            let bytes = vec![0; size];
            bencher.iter(|| black_box(&bytes).to_base64(&String::new()));
        });
    }
}
