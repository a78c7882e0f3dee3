//! A clock that goes by itself and can be set forward.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;

use crate::ports::Clock;
use crate::protocol::Timestamp;

/// Another [`Clock`], set forward: for tests of what waits for milliseconds and expires after days.
#[derive(Debug)]
pub struct ShiftedClock {
    clock: Arc<dyn Clock>,
    micros: AtomicI64,
}

impl ShiftedClock {
    /// That clock, not set forward yet.
    pub fn on(clock: Arc<dyn Clock>) -> Self {
        Self { clock, micros: AtomicI64::new(0) }
    }

    /// Sets the clock forward.
    pub fn advance(&self, by: Duration) {
        self.micros.fetch_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX), Ordering::SeqCst);
    }

    fn shift(&self) -> i64 {
        self.micros.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.clock.now().as_micros().saturating_add(self.shift()))
    }

    async fn sleep_until(&self, moment: Timestamp) {
        let moment = moment.as_micros().saturating_sub(self.shift());
        self.clock.sleep_until(Timestamp::from_micros(moment)).await;
    }
}
