//! The layer on a table in memory, a scripted gateway and a queue that keeps its jobs.

#[cfg(feature = "testing")]
mod contract;
mod fan_out;
mod house;
mod sockets;
mod split;
