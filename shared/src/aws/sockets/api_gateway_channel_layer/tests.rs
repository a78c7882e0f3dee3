//! The adapter on a table in memory, a scripted gateway and a queue that keeps its jobs.

mod admission;
mod bench;
mod broadcasts;
mod contract;
mod fan_out;
mod presence;
mod sockets;
mod split;
