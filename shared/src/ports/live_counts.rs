//! What is going on at the moment, for admins.

use std::fmt::Debug;

use async_trait::async_trait;

use super::TableError;
pub use crate::domain::minute_counts::{Happening, MinuteCounts, Tally};

/// What is going on. Figures of sockets are those of this moment but for what was lost with a worker that died, which is
/// made up for within two hours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveFigures {
    /// How many sockets are open.
    pub sockets: u64,
    /// How many different people are behind those that are signed in.
    pub people: u64,
    /// In how many rooms a socket is open.
    pub rooms: u64,
    /// What happened in each of the last sixty minutes, the oldest first. The last one has just begun.
    pub hour: Vec<Tally>,
}

/// Counts what happens, so that figures need no search. It is for looking at: no call fails or waits because something
/// could not be counted.
#[async_trait]
pub trait LiveCounts: Debug + Send + Sync {
    /// Something has happened. It may be shown some seconds later.
    async fn note(&self, what: Happening);

    /// The figures of now.
    async fn figures(&self) -> Result<LiveFigures, TableError>;
}
