//! What happened, in lines.

use std::collections::VecDeque;
use std::fmt::Arguments;

/// How many lines are kept for whoever looks for the cause of a violation.
const KEPT: usize = 40_000;

/// The last lines, and a hash of all of them: two runs of one seed must have the same.
#[derive(Debug)]
pub(crate) struct Trace {
    lines: VecDeque<String>,
    hash: u64,
}

impl Default for Trace {
    fn default() -> Self {
        Self { lines: VecDeque::with_capacity(KEPT), hash: 0xcbf2_9ce4_8422_2325 }
    }
}

impl Trace {
    pub(crate) fn note(&mut self, now: i64, line: Arguments<'_>) {
        let mut text =
            if self.lines.len() == KEPT { self.lines.pop_front() } else { None }.unwrap_or_default();
        text.clear();
        let seconds = now / 1_000_000 - super::world::BEGINNING;
        // Writing to a text never fails.
        let _ = std::fmt::Write::write_fmt(
            &mut text,
            format_args!("{seconds:>6}.{:03} {line}", (now / 1000).rem_euclid(1000)),
        );
        for byte in text.bytes() {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self.lines.push_back(text);
    }

    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }

    pub(crate) fn last(&self, lines: usize) -> Vec<String> {
        self.lines.iter().skip(self.lines.len().saturating_sub(lines)).cloned().collect()
    }
}
