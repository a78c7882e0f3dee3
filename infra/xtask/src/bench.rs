//! `cargo xtask bench`: how fast local-dev is, and a worker of the queue.

mod peers;

use crate::step::{self, Outcome, cargo};

/// All benchmarks; what follows the command goes to those of local-dev. With `--peers` alone what is compared with others.
pub(crate) fn run() -> Outcome {
    if std::env::args().nth(2).as_deref() == Some("--peers") {
        return peers::run();
    }
    let options = std::env::args().skip(2);
    step::run(
        "local-dev",
        cargo().args(["bench", "--package", "emulator", "--bench", "*", "--"]).args(options),
    )?;
    // It reads `/proc`.
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    step::run("rooms", cargo().args(["bench", "--package", "local-dev", "--bench", "rooms"]))?;
    step::run("a worker", cargo().args(["bench", "--package", "deliver", "--bench", "fan_out"]))
}
