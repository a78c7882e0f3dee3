//! What nobody would send on purpose: a bounded number of inputs made of a corpus by a seeded generator, fed to everything
//! that reads what strangers send. `PARLOR_FUZZ` multiplies how many; `PARLOR_FUZZ_SEED` makes other ones.

mod bodies;
mod commands;
mod frames;
mod generator;
mod multipart;

use std::env;

/// So many inputs, or a multiple of that.
fn rounds(usually: usize) -> usize {
    usually * number("PARLOR_FUZZ").unwrap_or(1)
}

fn seed() -> u64 {
    number("PARLOR_FUZZ_SEED").map_or(7, |seed| seed as u64)
}

fn number(name: &str) -> Option<usize> {
    env::var(name).ok()?.parse().ok()
}
