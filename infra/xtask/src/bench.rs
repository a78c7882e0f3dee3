//! `cargo xtask bench`: how fast local-dev is.

use crate::step::{self, Outcome, cargo};

/// All benchmarks of local-dev; what follows the command goes to them.
pub(crate) fn run() -> Outcome {
    let options = std::env::args().skip(2);
    step::run(
        "benchmarks",
        cargo().args(["bench", "--package", "local-dev", "--bench", "*", "--"]).args(options),
    )
}
