//! Random schedules.

use crate::peer::Versions;
use crate::world::{Deed, Fault, Reading};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample;
use socketio_wasm::engine::Transports;
use socketio_wasm::protocol::{Frame, StdWire};
use socketio_wasm::socket::SendMode;

/// An act of a user, a server or a platform.
#[derive(Debug, Clone)]
pub enum Step {
    Deed(Deed),
    ServerSends,
    ServerRestarts,
    ServerCloses,
    /// The server leaves a namespace by a DISCONNECT packet.
    ServerLeaves(&'static str),
    /// The server sends a frame that need not be a packet.
    ServerSendsRaw(Frame<StdWire>),
    Cut,
    UrlFails,
    AuthFails,
    Offline,
    Online,
    Wait(u64),
    /// The client's machine sleeps. With `true`, inputs that came meanwhile are reported before its timer.
    Sleep(u64, bool),
}

/// One schedule.
#[derive(Debug, Clone)]
pub struct Plan {
    pub versions: Versions,
    pub transports: Transports,
    pub max_packets: Option<usize>,
    pub connect_takes: u64,
    pub stuck_upgrades: bool,
    pub max_buffer: usize,
    pub high_water_mark: usize,
    pub measured: Vec<usize>,
    /// The acts of the user-supplied parser, if there is one.
    pub parser: Option<Vec<Reading>>,
    pub retry_refused: bool,
    pub faults: Vec<Fault>,
    pub reactions: Vec<Option<Deed>>,
    pub steps: Vec<Step>,
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        24 => Just(Fault::None),
        2 => (1..15_000_u64).prop_map(Fault::Delay),
        2 => Just(Fault::Cut),
        1 => Just(Fault::Silence),
        1 => Just(Fault::Refuse),
        2 => Just(Fault::Twice),
        1 => Just(Fault::Restart),
        1 => Just(Fault::Stray),
        1 => Just(Fault::SendError),
        1 => Just(Fault::Noop),
    ]
}

fn mode() -> impl Strategy<Value = SendMode> {
    prop_oneof![4 => Just(SendMode::Buffer), 1 => Just(SendMode::Fail), 1 => Just(SendMode::Volatile)]
}

fn milliseconds() -> impl Strategy<Value = u64> {
    prop_oneof![2 => 0..40_u64, 1 => 0..8_000_u64]
}

/// An act of a user that ends no session for good.
pub fn harmless_deed() -> impl Strategy<Value = Deed> + Clone {
    let namespace = prop_oneof![Just("/"), Just("/b")];
    prop_oneof![
        8 => (namespace.clone(), mode()).prop_map(|(name, mode)| Deed::Emit(name, mode)),
        2 => (1..20_usize).prop_map(Deed::Binary),
        3 => (namespace, mode(), 1..9_000_u64).prop_map(|(name, mode, time)| Deed::Call(name, mode, time)),
        1 => Just(Deed::Cancel),
    ]
}

/// Any act of a user.
pub fn any_deed() -> impl Strategy<Value = Deed> + Clone {
    let namespace = prop_oneof![Just("/"), Just("/b"), Just("/c"), Just("/refused")];
    prop_oneof![
        8 => harmless_deed(),
        1 => (namespace.clone(), mode()).prop_map(|(name, mode)| Deed::Emit(name, mode)),
        2 => namespace.clone().prop_map(Deed::Enter),
        2 => namespace.prop_map(Deed::Leave),
        2 => wait().prop_map(Deed::Connect),
        1 => option::of(0..9_000_u64).prop_map(Deed::Disconnect),
    ]
}

/// Frames that need not be packets.
const RAW_PACKETS: &[&str] = &[
    "",
    "4",
    "9",
    "42",
    "42[",
    "42/b",
    "42/b,",
    "4451-[]",
    "431[]",
    "439999[]",
    "43[]",
    "44",
    "41/c,",
    "40",
    "40/b,",
    r#"40{"sid":"again"}"#,
    r#"40/d,{"sid":"unasked"}"#,
    "4x",
    "51",
    "3probe",
    "2",
    "2probe",
    "5",
    "6",
    r#"451-["n"]"#,
    r#"0{"sid":"T","upgrades":[],"pingInterval":1,"pingTimeout":1}"#,
    "42\u{1f600}",
    "4999999999999999999999-[]",
];

fn raw_packet() -> impl Strategy<Value = Frame<StdWire>> {
    prop_oneof![
        6 => sample::select(RAW_PACKETS).prop_map(|text| Frame::Text(text.to_owned())),
        1 => vec(any::<u8>(), 0..4).prop_map(Frame::Bytes),
    ]
}

/// A step that ends no session for good.
pub fn harmless_step() -> impl Strategy<Value = Step> + Clone {
    prop_oneof![
        13 => harmless_deed().prop_map(Step::Deed),
        3 => Just(Step::ServerSends),
        1 => Just(Step::ServerRestarts),
        1 => Just(Step::ServerCloses),
        1 => raw_packet().prop_map(Step::ServerSendsRaw).boxed(),
        1 => Just(Step::Cut),
        1 => Just(Step::UrlFails),
        1 => Just(Step::AuthFails),
        1 => prop_oneof![Just(Step::Offline), Just(Step::Online)],
        12 => milliseconds().prop_map(Step::Wait),
        1 => (prop_oneof![0..60_000_u64, 0..20_000_000_u64], any::<bool>())
            .prop_map(|(time, first)| Step::Sleep(time, first)),
    ]
}

/// Any step.
pub fn any_step() -> impl Strategy<Value = Step> + Clone {
    prop_oneof![
        10 => harmless_step(),
        5 => any_deed().prop_map(Step::Deed),
        1 => prop_oneof![Just("/"), Just("/b"), Just("/c")].prop_map(Step::ServerLeaves),
    ]
}

/// The time for which `connect` waits for its namespaces, if it does.
pub fn wait() -> impl Strategy<Value = Option<u64>> + Clone {
    option::of(100..5_000_u64)
}

fn transports() -> impl Strategy<Value = Transports> {
    prop_oneof![
        1 => Just(Transports::Polling),
        1 => Just(Transports::WebSocket),
        2 => Just(Transports::PollingThenWebSocket),
        1 => Just(Transports::WebSocketThenPolling),
    ]
}

fn versions() -> impl Strategy<Value = Versions> {
    prop_oneof![4 => Just(Versions::V4), 2 => Just(Versions::V3), 1 => Just(Versions::V3Asked), 1 => Just(Versions::V3Hidden)]
}

/// A schedule of these steps. In handlers, the user does some of these deeds.
pub fn plan(
    steps: impl Strategy<Value = Step> + 'static,
    deeds: impl Strategy<Value = Deed> + 'static,
) -> impl Strategy<Value = Plan> {
    let reading = prop_oneof![20 => Just(Reading::Now), 2 => Just(Reading::Later), 1 => Just(Reading::Fails)];
    let server = (
        versions(),
        transports(),
        prop_oneof![Just(Some(16)), Just(None)],
        prop_oneof![3 => Just(0), 2 => 0..50_u64, 1 => Just(3_000)],
        proptest::bool::weighted(0.1),
    );
    let client = (
        prop_oneof![2 => Just(usize::MAX), 1 => 1..30_usize],
        prop_oneof![2 => Just(1 << 20), 1 => 0..2_000_usize],
        vec(0..4_000_usize, 0..30),
        option::weighted(0.3, vec(reading, 0..30)),
        any::<bool>(),
    );
    let reactions = prop_oneof![2 => Just(0..1), 1 => Just(0..30)];
    // A handler that panics harms no session.
    let deed = option::weighted(0.3, prop_oneof![12 => deeds, 1 => Just(Deed::Panic)]).boxed();
    let reactions = reactions.prop_flat_map(move |count| vec(deed.clone(), count));
    let faults = prop_oneof![1 => vec(fault(), 0..10), 3 => vec(fault(), 0..60)];
    (server, client, faults, reactions, vec(steps, 0..60)).prop_map(|(server, client, faults, reactions, steps)| {
        let (versions, transports, max_packets, connect_takes, stuck_upgrades) = server;
        let (max_buffer, high_water_mark, measured, parser, retry_refused) = client;
        Plan {
            versions,
            transports,
            max_packets,
            connect_takes,
            stuck_upgrades,
            max_buffer,
            high_water_mark,
            measured,
            parser,
            retry_refused,
            faults,
            reactions,
            steps,
        }
    })
}
