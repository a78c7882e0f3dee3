//! What tests of several crates share.

pub mod channel_contract;
