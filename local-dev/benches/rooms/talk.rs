//! People talking in rooms of local-dev, each message charged to its author and stored, beside a bare broadcast in memory
//! that does nothing but pass on as many bytes.

use std::time::{Duration, Instant};

use crate::crowd::{Crowd, Load};
use crate::server::{Limits, Server};
use crate::{Failure, at, bare, verdict};

const ROUNDS: usize = 7;
/// No further round of a load begins after this: a busy machine gets fewer rounds, not a longer run.
const BUDGET: Duration = Duration::from_secs(25);

/// How many rooms of how many sockets, how people talk in them, and the share of the bare rate that must be reached.
struct Case {
    rooms: usize,
    members: usize,
    aim: Aim,
}

/// A load, and the share of the bare rate that must be reached under it.
pub(crate) struct Aim {
    pub(crate) what: &'static str,
    pub(crate) load: Load,
    pub(crate) limit: f64,
}

const CASES: [Case; 3] = [
    Case {
        rooms: 100,
        members: 10,
        aim: Aim {
            what: "100 rooms of 10, each member in turn",
            load: Load { in_flight: 1, messages: 4000, in_turn: true },
            limit: 0.5,
        },
    },
    Case {
        rooms: 1,
        members: 1000,
        aim: Aim {
            what: "a room of 1,000, one in flight",
            load: Load { in_flight: 1, messages: 150, in_turn: false },
            limit: 0.75,
        },
    },
    Case {
        rooms: 1,
        members: 1000,
        aim: Aim {
            what: "a room of 1,000, sixteen in flight",
            load: Load { in_flight: 16, messages: 600, in_turn: false },
            limit: 0.5,
        },
    },
];

/// Prints all cases; answers whether each is within its limit.
pub(crate) fn measure() -> Result<bool, Failure> {
    let mut passed = true;
    for case in &CASES {
        let server = Server::start(case.rooms, Limits::Lifted)?;
        let ours = Crowd::new(server.open(case.members)?, case.members)?;
        passed &= compare(&case.aim, ours, (case.rooms, case.members))?;
    }
    Ok(passed)
}

/// Whether these sockets hear as much as is aimed at of what those of a bare server hear, in as many rooms of as many members.
pub(crate) fn compare(aim: &Aim, mut ours: Crowd, (rooms, members): (usize, usize)) -> Result<bool, Failure> {
    let bytes = ours.bytes_of_a_message()?;
    let mut bare = Crowd::new(bare::start(rooms, members, bytes)?, members)?;
    let (mut rates, mut bare_rates, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let mut latencies = Vec::new();
    let start = Instant::now();
    // The first round warms up.
    for round in 0..=ROUNDS {
        let (rate, waits) = ours.talk(&aim.load)?;
        let (bare_rate, _) = bare.talk(&aim.load)?;
        if round > 0 {
            rates.push(rate);
            bare_rates.push(bare_rate);
            ratios.push(rate / bare_rate);
            latencies.extend(waits);
        }
        if round > 0 && start.elapsed() > BUDGET {
            break;
        }
    }
    let ratio = at(&mut ratios, 0.5);
    let passed = ratio >= aim.limit;
    println!(
        "{}: {:.0} deliveries/s (p99 {:.1} ms), bare {:.0}/s, ratio {ratio:.2}, at least {:.2}: {}",
        aim.what,
        at(&mut rates, 0.5),
        at(&mut latencies, 0.99) * 1e3,
        at(&mut bare_rates, 0.5),
        aim.limit,
        verdict(passed),
    );
    Ok(passed)
}
