//! Whether there is any receiver: rooms that let other programs listen pay nothing while nobody does.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::app::{App, AppError};
use crate::protocol::Timestamp;
use crate::store::Webhooks;

/// How long a process goes by what it knows; so long it may take until a new receiver hears everything.
const KNOWN_FOR: Duration = Duration::from_secs(60);

/// What a process knows of whether there is any receiver, and since when.
#[derive(Debug, Default)]
pub(in crate::app) struct KnownWebhooks(Mutex<Option<(Timestamp, bool)>>);

impl KnownWebhooks {
    /// Looks again next time.
    pub(in crate::app) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn get(&self, now: Timestamp) -> Option<bool> {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.filter(|(since, _)| now.since(*since) < KNOWN_FOR).map(|(_, is_any)| is_any)
    }

    fn set(&self, now: Timestamp, is_any: bool) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, is_any));
    }
}

/// Whether there is any receiver that is enabled.
pub(super) async fn is_any(app: &App) -> Result<bool, AppError> {
    let now = app.ports.clock.now();
    if let Some(is_any) = app.webhooks.get(now) {
        return Ok(is_any);
    }
    let is_any = Webhooks(&*app.ports.table).all().await?.iter().any(|hook| hook.is_enabled);
    app.webhooks.set(now, is_any);
    Ok(is_any)
}
