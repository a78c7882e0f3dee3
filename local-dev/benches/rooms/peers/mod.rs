//! Talk in rooms, beside what people use for it today: the same load by the same client, in turn.
//!
//! `PARLOR_PEERS` is the folder in which npm has installed `infra/peers`. NATS takes part where it is installed.

mod contestant;
mod gateway_alone;
mod nats;
mod program;

use std::env;
use std::path::PathBuf;

use self::contestant::Contestant;
pub(crate) use self::gateway_alone::serve as serve_gateway_alone;
use crate::crowd::Load;
use crate::{Failure, at};

/// The option by which this program is Parlor's gateway without its store.
pub(crate) const GATEWAY_ALONE: &str = "gateway-alone";

const ROUNDS: usize = 5;

/// How many rooms of how many sockets, and how people talk in them.
struct Case {
    what: &'static str,
    rooms: usize,
    members: usize,
    load: Load,
}

const CASES: [Case; 2] = [
    Case {
        what: "100 rooms of 10, each member in turn",
        rooms: 100,
        members: 10,
        load: Load { in_flight: 1, messages: 10_000, in_turn: true },
    },
    Case {
        what: "a room of 1,000, one in flight",
        rooms: 1,
        members: 1000,
        load: Load { in_flight: 1, messages: 200, in_turn: false },
    },
];

/// Prints all cases. What others do is no limit of ours.
pub(crate) fn measure() -> Result<bool, Failure> {
    let folder = env::var_os("PARLOR_PEERS").ok_or("PARLOR_PEERS names no folder")?;
    let folder = PathBuf::from(folder);
    if !nats::is_installed() {
        println!("NATS is not compared: there is no nats-server");
    }
    for case in &CASES {
        compare(case, contestant::all(&folder, case.rooms, case.members)?)?;
    }
    Ok(true)
}

fn compare(case: &Case, mut contestants: Vec<Contestant>) -> Result<(), Failure> {
    let mut rates = vec![Vec::new(); contestants.len()];
    // The first round warms up.
    for round in 0..=ROUNDS {
        for (contestant, rates) in contestants.iter_mut().zip(&mut rates) {
            let (rate, _) = contestant.crowd.talk(&case.load)?;
            if round > 0 {
                rates.push(rate);
            }
        }
    }
    println!("{}: deliveries/s, medians of {ROUNDS} rounds in turn", case.what);
    let medians: Vec<_> = rates.iter_mut().map(|rates| at(rates, 0.5)).collect();
    for (contestant, median) in contestants.iter().zip(&medians) {
        let ours = contestant::ours(&contestants, contestant.is_stored);
        let ratio = median / ours.and_then(|place| medians.get(place)).copied().unwrap_or(f64::NAN);
        println!("  {:<28} {median:>10.0}   {ratio:.2} of ours", contestant.name);
    }
    Ok(())
}
