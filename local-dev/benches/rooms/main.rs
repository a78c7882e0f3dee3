//! People talking in rooms, over local-dev as a program, each message charged to its author and stored; beside it a bare
//! broadcast in memory that does nothing but pass on as many bytes. Both have the same client, in the same run, in turn.
//!
//! `cargo bench -p local-dev --bench rooms`; it fails if local-dev falls below its share of the bare rate, or if an idle
//! socket takes more memory than it may. Linux only: it reads `/proc`.

#![expect(clippy::print_stdout, reason = "a benchmark's report")]

mod bare;
mod crowd;
mod memory;
mod server;

use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crowd::{Crowd, Load};
use server::Server;

/// Whatever went wrong.
type Failure = Box<dyn Error + Send + Sync>;

const ROUNDS: usize = 7;
/// No further round of a load begins after this: a busy machine gets fewer rounds, not a longer run.
const BUDGET: Duration = Duration::from_secs(25);

/// How many rooms of how many sockets, how people talk in them, and the share of the bare rate that must be reached.
struct Case {
    what: &'static str,
    rooms: usize,
    members: usize,
    load: Load,
    limit: f64,
}

const CASES: [Case; 3] = [
    Case {
        what: "100 rooms of 10, each member in turn",
        rooms: 100,
        members: 10,
        load: Load { in_flight: 1, messages: 4000, in_turn: true },
        limit: 0.5,
    },
    Case {
        what: "a room of 1,000, one in flight",
        rooms: 1,
        members: 1000,
        load: Load { in_flight: 1, messages: 150, in_turn: false },
        limit: 0.75,
    },
    Case {
        what: "a room of 1,000, sixteen in flight",
        rooms: 1,
        members: 1000,
        load: Load { in_flight: 16, messages: 600, in_turn: false },
        limit: 0.5,
    },
];

fn main() -> Result<ExitCode, Failure> {
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(ExitCode::SUCCESS);
    }
    emulator::listener::raise_open_file_limit();
    let mut passed = true;
    for case in &CASES {
        passed &= compare(case)?;
    }
    passed &= memory::measure()?;
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn compare(case: &Case) -> Result<bool, Failure> {
    let server = Server::start(case.rooms)?;
    let mut ours = Crowd::new(server.open(case.members)?, case.members)?;
    let bytes = ours.bytes_of_a_message()?;
    let mut bare = Crowd::new(bare::start(case.rooms, case.members, bytes)?, case.members)?;
    let (mut rates, mut bare_rates, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let mut latencies = Vec::new();
    let start = Instant::now();
    // The first round warms up.
    for round in 0..=ROUNDS {
        let (rate, waits) = ours.talk(&case.load)?;
        let (bare_rate, _) = bare.talk(&case.load)?;
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
    let verdict = if ratio >= case.limit { "ok" } else { "MISSED" };
    println!(
        "{}: {:.0} deliveries/s (p99 {:.1} ms), bare {:.0}/s, ratio {ratio:.2}, at least {:.2}: {verdict}",
        case.what,
        at(&mut rates, 0.5),
        at(&mut latencies, 0.99) * 1e3,
        at(&mut bare_rates, 0.5),
        case.limit,
    );
    Ok(ratio >= case.limit)
}

/// The value below which such a share of them lies.
fn at(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get((values.len() as f64 * share) as usize).copied().unwrap_or_default()
}
