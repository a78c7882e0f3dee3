//! The adapter on a table in memory, a scripted gateway and a queue that keeps its jobs.

mod admission;
mod broadcasts;
mod contract;
mod fan_out;
mod house;
mod presence;
mod sockets;
mod split;
