//! A thousand sockets of people who talk, beside two hundred that are slow, dead or hostile, and without them.

use std::time::Duration;

use super::hostile::{CLIENTS, Hostile};
use crate::crowd::Crowd;
use crate::server::{Limits, Server};
use crate::{Failure, at, verdict};

const ROOMS: usize = 100;
const MEMBERS: usize = 10;
const ROUNDS: usize = 5;
/// A thousand messages per second in all: each member speaks once a second, which everybody may.
const GAP: Duration = Duration::from_millis(1);
/// What is measured of a round, and what is not, as long as the other kind of round may still have an effect: whoever has gone
/// is missed five seconds later.
const MEASURED: u32 = 5000;
const SETTLING: u32 = 6000;
/// How much longer a message may take beside hostile ones: so large a part, and so much that is noise.
const SHARE: f64 = 0.1;
const NOISE: f64 = 2e-3;

/// Prints it; answers whether it is within the limit.
pub(super) fn measure() -> Result<bool, Failure> {
    let server = Server::start(ROOMS, Limits::Kept)?;
    let mut good = Crowd::new(server.open(MEMBERS)?, MEMBERS)?;
    let (mut alone, mut beside) = (Rounds::default(), Rounds::default());
    for _ in 0..ROUNDS {
        alone.add(round(&mut good)?);
        let hostile = Hostile::start(&server, ROOMS)?;
        beside.add(round(&mut good)?);
        hostile.stop()?;
    }
    Ok(report(&mut alone, &mut beside))
}

/// How long messages took to reach their rooms.
#[derive(Default)]
struct Rounds {
    p50: Vec<f64>,
    p99: Vec<f64>,
}

impl Rounds {
    fn add(&mut self, mut waits: Vec<f64>) {
        self.p50.push(at(&mut waits, 0.5));
        self.p99.push(at(&mut waits, 0.99));
    }

    fn shown(&mut self) -> String {
        format!("p50 {:.1} ms, p99 {:.1} ms", at(&mut self.p50, 0.5) * 1e3, at(&mut self.p99, 0.5) * 1e3)
    }
}

fn round(good: &mut Crowd) -> Result<Vec<f64>, Failure> {
    good.talk_paced(GAP, SETTLING)?;
    good.talk_paced(GAP, MEASURED)
}

fn report(alone: &mut Rounds, beside: &mut Rounds) -> bool {
    println!("{} good sockets, a thousand messages per second, medians of {ROUNDS} rounds", ROOMS * MEMBERS);
    println!("  alone: {}", alone.shown());
    println!("  beside {CLIENTS} hostile ones: {}", beside.shown());
    let limit = at(&mut alone.p99, 0.5) * (1.0 + SHARE) + NOISE;
    let passed = at(&mut beside.p99, 0.5) <= limit;
    println!("  p99 at most {:.1} ms: {}", limit * 1e3, verdict(passed));
    passed
}
