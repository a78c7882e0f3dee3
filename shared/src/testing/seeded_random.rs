//! Chance that repeats itself.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::ports::Random;

/// A [`Random`] that gives the same bytes in every run, and different ones at every call. For tests alone: anybody
/// can guess them.
#[derive(Debug, Default)]
pub struct SeededRandom {
    drawn: AtomicU64,
}

impl SeededRandom {
    /// Another sequence for every seed.
    pub fn new(seed: u64) -> Self {
        Self { drawn: AtomicU64::new(mix(seed)) }
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let drawn = self.drawn.fetch_add(1, Ordering::Relaxed);
            chunk.copy_from_slice(&mix(drawn).to_le_bytes()[..chunk.len()]);
        }
    }
}

/// Spreads neighbouring numbers over all 64 bits: every step can be undone, so no two give the same.
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    for (shift, odd) in [(30, 0xbf58_476d_1ce4_e5b9), (27, 0x94d0_49bb_1331_11eb)] {
        mixed = (mixed ^ (mixed >> shift)).wrapping_mul(odd);
    }
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(random: &SeededRandom) -> [u8; 16] {
        let mut bytes = [0; 16];
        random.fill(&mut bytes);
        bytes
    }

    #[test]
    fn one_seed_gives_one_sequence_in_which_nothing_repeats() {
        let (one, same, other) = (SeededRandom::new(1), SeededRandom::new(1), SeededRandom::new(2));
        let first = draw(&one);
        assert_eq!(first, draw(&same));
        assert_ne!(first, draw(&one));
        assert_ne!(first, draw(&other));
    }
}
