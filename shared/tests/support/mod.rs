//! Imitations for the tests of embedded adapters.

#![allow(dead_code, reason = "each test file uses its own part")]

mod memory_wire;

pub(crate) use memory_wire::MemoryWire;
