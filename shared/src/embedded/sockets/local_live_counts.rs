//! What is going on in one process.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use super::local_channel_layer::LocalChannelLayer;
use crate::ports::{Clock, Happening, LiveCounts, LiveFigures, MinuteCounts, TableError};

/// Counts that live as long as the process, which knows its sockets itself.
#[derive(Debug)]
pub struct LocalLiveCounts {
    sockets: Arc<LocalChannelLayer>,
    clock: Arc<dyn Clock>,
    minutes: Mutex<MinuteCounts>,
}

impl LocalLiveCounts {
    /// Nothing has happened yet at these sockets.
    pub fn new(sockets: Arc<LocalChannelLayer>, clock: Arc<dyn Clock>) -> Self {
        Self { sockets, clock, minutes: Mutex::default() }
    }

    fn minute(&self) -> i64 {
        self.clock.now().as_secs().div_euclid(60)
    }
}

#[async_trait]
impl LiveCounts for LocalLiveCounts {
    async fn note(&self, what: Happening) {
        self.minutes.lock().unwrap_or_else(PoisonError::into_inner).note(self.minute(), what);
    }

    async fn figures(&self) -> Result<LiveFigures, TableError> {
        let (sockets, people, rooms) = self.sockets.totals();
        let hour = self.minutes.lock().unwrap_or_else(PoisonError::into_inner).hour(self.minute());
        Ok(LiveFigures { sockets, people, rooms, hour })
    }
}
