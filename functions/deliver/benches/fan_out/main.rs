//! One `deliver` worker posting to the sockets of local-dev's gateway, beside a bare HTTP client that posts the same to
//! the same in a loop: each in a process of its own, in the same run, in turn. Then the worker's memory, for a small
//! group and for a large one.
//!
//! `cargo bench -p deliver`; it fails if the worker falls below its share of the bare rate, or if its memory grows with
//! the group. Linux only: it reads `/proc`.

#![expect(clippy::print_stdout, reason = "a benchmark's report")]

mod bare;
mod contestant;
mod endpoint;
mod job_file;
mod row_files;
mod worker;

use std::error::Error;
use std::process::ExitCode;

use contestant::Contestant;
use endpoint::Endpoint;

/// Whatever went wrong.
type Failure = Box<dyn Error + Send + Sync>;

/// How many sockets are open; each is in a group as often as it takes to make up its members.
const SOCKETS: usize = 1000;
const MESSAGE_BYTES: usize = 256;
const ROUNDS: usize = 9;
/// How many members the group has that rates are measured with.
const MEMBERS: usize = 2000;
/// The share of the bare client's rate that the worker must reach.
const LEAST_RATIO: f64 = 0.5;
/// The groups whose memory is compared, and how much more the large one may take.
const SMALL: usize = 1000;
const LARGE: usize = 50_000;
const MOST_GROWTH: f64 = 1.25;

fn main() -> Result<ExitCode, Failure> {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[1..] {
        ["bare", url, members] => bare::run(url, members.parse()?)?,
        ["worker", url, members] => worker::run(url, members.parse()?)?,
        // Without it cargo runs this along with the tests.
        ref others if others.contains(&"--bench") => return measure(),
        _ => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn measure() -> Result<ExitCode, Failure> {
    let endpoint = Endpoint::start(SOCKETS)?;
    let is_fast = compare_rates(&endpoint)?;
    let is_flat = compare_memory(&endpoint)?;
    Ok(if is_fast && is_flat { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn compare_rates(endpoint: &Endpoint) -> Result<bool, Failure> {
    let mut bare = Contestant::start("bare", endpoint, MEMBERS)?;
    let mut worker = Contestant::start("worker", endpoint, MEMBERS)?;
    let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    // The first round warms up.
    for round in 0..=ROUNDS {
        let (our_rate, their_rate) = (worker.rate(endpoint)?, bare.rate(endpoint)?);
        if round > 0 {
            ours.push(our_rate);
            theirs.push(their_rate);
            ratios.push(our_rate / their_rate);
        }
    }
    let ratio = median(&mut ratios);
    println!(
        "{MEMBERS} posts of {MESSAGE_BYTES} bytes, {ROUNDS} rounds in turn, medians: worker {:.0}/s, bare client {:.0}/s, \
         ratio {ratio:.2} ({:.2} to {:.2}), at least {LEAST_RATIO:.2}: {}",
        median(&mut ours),
        median(&mut theirs),
        ratios.first().copied().unwrap_or_default(),
        ratios.last().copied().unwrap_or_default(),
        verdict(ratio >= LEAST_RATIO),
    );
    Ok(ratio >= LEAST_RATIO)
}

fn compare_memory(endpoint: &Endpoint) -> Result<bool, Failure> {
    // As many posts by both: what is compared is the size of the group.
    let small = peak_memory(endpoint, SMALL, LARGE / SMALL)?;
    let large = peak_memory(endpoint, LARGE, 1)?;
    let growth = large as f64 / small as f64;
    println!(
        "peak memory of a worker: {} KB for {SMALL} sockets, {} KB for {LARGE}, {growth:.2} times, at most \
         {MOST_GROWTH:.2}: {}",
        small / 1024,
        large / 1024,
        verdict(growth <= MOST_GROWTH),
    );
    Ok(growth <= MOST_GROWTH)
}

fn peak_memory(endpoint: &Endpoint, members: usize, times: usize) -> Result<usize, Failure> {
    let mut worker = Contestant::start("worker", endpoint, members)?;
    for _ in 0..times {
        worker.rate(endpoint)?;
    }
    worker.peak_memory()
}

fn verdict(passed: bool) -> &'static str {
    if passed { "ok" } else { "MISSED" }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
