//! Imitations for the tests of embedded adapters.

#![allow(dead_code, reason = "each test file uses its own part")]

mod memory_wire;
mod test_clock;

pub(crate) use memory_wire::MemoryWire;
pub(crate) use test_clock::TestClock;
