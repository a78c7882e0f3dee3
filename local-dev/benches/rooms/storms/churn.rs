//! Traffic of an hour in minutes, by sockets that come and go: what local-dev holds in memory must not grow by it.

use crate::crowd::{Crowd, Load};
use crate::server::{Limits, Server};
use crate::{Failure, verdict};

const ROOMS: usize = 100;
const MEMBERS: usize = 10;
const MESSAGES: usize = 200_000;
const TENTHS: usize = 10;
/// How often in a tenth all sockets are closed and opened anew.
const CROWDS: usize = 10;
/// How much the last tenth may hold beyond the second: so large a part, or so much where that is more.
const SHARE: f64 = 0.1;
const BYTES: usize = 8 << 20;

/// Prints it; answers whether it is within the limit.
pub(super) fn measure() -> Result<bool, Failure> {
    let server = Server::start(ROOMS, Limits::Lifted)?;
    let mut held = Vec::new();
    for _ in 0..TENTHS {
        held.push(tenth(&server)?);
    }
    Ok(report(&held))
}

/// A tenth of the messages; answers the memory that is held at its end, while the last sockets are open.
fn tenth(server: &Server) -> Result<usize, Failure> {
    let load = Load { in_flight: 1, messages: MESSAGES / TENTHS / CROWDS, in_turn: true };
    for _ in 1..CROWDS {
        Crowd::new(server.open(MEMBERS)?, MEMBERS)?.talk(&load)?;
    }
    let mut last = Crowd::new(server.open(MEMBERS)?, MEMBERS)?;
    last.talk(&load)?;
    server.resident_bytes()
}

fn report(held: &[usize]) -> bool {
    let (second, last) = (held[1], held[held.len() - 1]);
    let limit = second + BYTES.max((second as f64 * SHARE) as usize);
    let passed = last <= limit;
    let megabytes = |bytes: usize| format!("{:.1}", bytes as f64 / f64::from(1 << 20));
    let all: Vec<_> = held.iter().copied().map(megabytes).collect();
    println!("{MESSAGES} messages by {} sockets that come and go", ROOMS * MEMBERS * CROWDS * TENTHS);
    println!("  resident after each tenth, in MB: {}", all.join(", "));
    println!("  at most {} MB after the last: {}", megabytes(limit), verdict(passed));
    passed
}
