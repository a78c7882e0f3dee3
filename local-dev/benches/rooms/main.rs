//! Rooms of local-dev as a program, with real sockets: how fast people talk there, what an idle socket costs, and what
//! becomes of it in storms. Linux only: it reads `/proc`.
//!
//! `cargo bench -p local-dev --bench rooms` fails if local-dev falls below its share of the rate of a bare server, which has the
//! same client in the same run, in turn; or if an idle socket takes more memory than it may. With `-- storms` it fails if a
//! storm's limit is missed. With `-- peers` it compares what people use today, and has no limits.

#![expect(clippy::print_stdout, reason = "a benchmark's report")]

mod bare;
mod crowd;
mod echo;
mod handshake;
mod memory;
mod peers;
mod server;
mod storms;
mod talk;

use std::error::Error;
use std::process::ExitCode;

/// Whatever went wrong.
type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<ExitCode, Failure> {
    let is_wanted = |option: &str| std::env::args().any(|argument| argument == option);
    if !is_wanted("--bench") {
        return Ok(ExitCode::SUCCESS);
    }
    emulator::listener::raise_open_file_limit();
    let passed = if is_wanted("storms") {
        storms::measure()?
    } else if is_wanted("peers") {
        peers::measure()?
    } else if is_wanted(peers::GATEWAY_ALONE) {
        peers::serve_gateway_alone()?
    } else {
        echo::measure()? & talk::measure()? & memory::measure()?
    };
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The value below which such a share of them lies.
fn at(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get((values.len() as f64 * share) as usize).copied().unwrap_or_default()
}

/// What is printed after a figure, beside its limit.
fn verdict(passed: bool) -> &'static str {
    if passed { "ok" } else { "MISSED" }
}
