//! The jobs that wait for their moment, in memory.

use std::collections::{BTreeMap, HashMap};

use crate::ids::ConnectionId;
use crate::ports::Job;
use crate::protocol::Timestamp;
use crate::store::WaitingJob;

/// The moment of a job; the number tells jobs of one moment apart.
type Place = (Timestamp, u64);

/// The jobs that wait, by their moment.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    jobs: BTreeMap<Place, WaitingJob>,
    added: u64,
    /// Where the next sign of life of each socket waits.
    signs: HashMap<ConnectionId, Place>,
}

impl Waiting {
    pub(super) fn add(&mut self, job: WaitingJob) {
        self.added += 1;
        let place = (job.due(), self.added);
        if let Job::KeepAlive { connection } = &job.job {
            self.signs.insert(connection.clone(), place);
        }
        self.jobs.insert(place, job);
    }

    /// When the next one is due.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.jobs.keys().next().map(|(due, _)| *due)
    }

    /// Takes the next one out, if it is due.
    pub(super) fn pop_due(&mut self, now: Timestamp) -> Option<WaitingJob> {
        let first = self.jobs.first_entry()?;
        let place = *first.key();
        if place.0 > now {
            return None;
        }
        let job = first.remove();
        if let Job::KeepAlive { connection } = &job.job
            && self.signs.get(connection) == Some(&place)
        {
            self.signs.remove(connection);
        }
        Some(job)
    }

    /// Takes out the next sign of life of a socket.
    pub(super) fn forget(&mut self, socket: &ConnectionId) {
        if let Some(place) = self.signs.remove(socket) {
            self.jobs.remove(&place);
        }
    }
}
