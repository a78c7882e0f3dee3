//! Parlor on a laptop: what stands around the application in one process.

pub mod gateway;
pub mod listener;
