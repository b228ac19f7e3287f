//! Runs a schedule.

use super::plan::{Plan, Step};
use crate::peer::{Behavior, Versions};
use crate::world::{Deed, Parser, World};
use socketio_wasm::socket::{Connect, Input, Settings};

/// The world in which a schedule runs.
pub struct Run {
    pub world: World,
    /// True if each `connect` waits longer than the server takes.
    pub waits_long_enough: bool,
}

impl Run {
    pub fn new(plan: &Plan) -> Self {
        let in_steps = plan.steps.iter().filter_map(|step| match step {
            Step::Deed(deed) => Some(deed),
            _ => None,
        });
        let mut waits = in_steps.chain(plan.reactions.iter().flatten()).filter_map(|deed| match deed {
            Deed::Connect(wait) => *wait,
            _ => None,
        });
        let waits_long_enough = waits.all(|wait| is_long_enough(plan, wait));
        let refused = [("/refused".to_owned(), r#"{"message":"no"}"#.to_owned())].into();
        let behavior = Behavior {
            versions: plan.versions,
            ping_interval: 3_000,
            ping_timeout: 2_000,
            max_payload: (plan.versions == Versions::V4).then_some(2_000),
            max_packets: plan.max_packets,
            connect_takes: plan.connect_takes,
            stuck_upgrades: plan.stuck_upgrades,
            refused,
            ..Behavior::default()
        };
        let mut settings = Settings { max_buffer: plan.max_buffer, ..Settings::default() };
        settings.engine.high_water_mark = plan.high_water_mark;
        let mut world = World::new(settings, behavior);
        world.driver.update(|session| session.set_external_codec(plan.parser.is_some()));
        world.parser = plan.parser.clone().map(Parser::new);
        world.faults = plan.faults.clone().into();
        world.measured = plan.measured.clone().into();
        world.user.reactions = plan.reactions.clone().into();
        world.user.request = Some(Connect {
            namespaces: vec!["/".to_owned(), "/b".to_owned()],
            transports: plan.transports,
            version: plan.versions.version_to_give(),
            wait: true,
            wait_timeout: 0,
            retry_refused: plan.retry_refused,
            retry: true,
        });
        Self { world, waits_long_enough }
    }

    pub fn connect(&mut self, plan: &Plan, wait: Option<u64>) {
        self.waits_long_enough &= wait.is_none_or(|wait| is_long_enough(plan, wait));
        self.step(&Step::Deed(Deed::Connect(wait)));
    }

    pub fn go_through(&mut self, steps: &[Step]) {
        for step in steps {
            self.step(step);
        }
    }

    fn step(&mut self, step: &Step) {
        let world = &mut self.world;
        match step {
            Step::Deed(deed) => world.perform(*deed),
            Step::ServerSends => {
                let number = world.user.next_number();
                let packet = format!(r#"51-["n",{{"_placeholder":true,"num":0}},{number}]"#);
                world.server_sends(&packet, &[vec![1, 2, 3]]);
            }
            Step::ServerRestarts => world.server_restarts(),
            Step::ServerCloses => world.server_closes(),
            Step::ServerLeaves(name) => world.server_leaves(name),
            Step::ServerSendsRaw(frame) => world.server_sends_raw(frame),
            Step::Cut => world.cut_all(),
            Step::UrlFails => world.url_fails += 1,
            Step::AuthFails => world.auth_fails += 1,
            Step::Offline => world.input(Input::Offline),
            Step::Online => world.input(Input::Online),
            Step::Wait(milliseconds) => world.run(*milliseconds),
            Step::Sleep(milliseconds, arrivals_first) => world.sleep(*milliseconds, *arrivals_first),
        }
    }

    /// Lets time pass without faults, user acts or refusals, for longer than any wait.
    pub fn calm_down(&mut self) {
        let world = &mut self.world;
        world.faults.clear();
        world.measured.clear();
        world.user.reactions.clear();
        if let Some(parser) = &mut world.parser {
            parser.plan.clear();
        }
        world.server.behavior.refused.clear();
        world.run(120_000);
    }
}

/// Returns whether the server answers a CONNECT within this time or, if it is stuck, shows that it never will.
fn is_long_enough(plan: &Plan, wait: u64) -> bool {
    wait > if plan.stuck_upgrades { 1_000 } else { 500 } + plan.connect_takes
}
