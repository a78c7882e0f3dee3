//! Ends sockets that are idle, or old: one task for all of them.

use std::sync::Weak;
use std::time::Duration;

use parlor::protocol::Timestamp;

use super::{GOING_AWAY, Gateway};

/// Sockets are looked through at most this often.
const MIN_PAUSE: Duration = Duration::from_secs(1);

/// Runs until the gateway is gone.
pub(super) async fn run(gateway: Weak<Gateway>) {
    loop {
        let Some((clock, next)) = gateway.upgrade().map(|gateway| gateway.reap()) else {
            return;
        };
        clock.sleep_until(next).await;
    }
}

impl Gateway {
    /// Closes the sockets whose time has come; says when the next one's may come. Sockets opened meanwhile are not
    /// due before that: they are given the shorter of both limits from now.
    fn reap(&self) -> (std::sync::Arc<dyn parlor::ports::Clock>, Timestamp) {
        let now = self.clock.now();
        let mut next = now.plus(self.config.idle_timeout.min(self.config.max_age));
        for socket in self.snapshot() {
            let idle_end = socket.outbox.last_active().plus(self.config.idle_timeout);
            let end = idle_end.min(socket.origin.connected_at.plus(self.config.max_age));
            if end <= now {
                socket.outbox.close(GOING_AWAY, None);
            } else {
                next = next.min(end);
            }
        }
        (self.clock.clone(), next.max(now.plus(MIN_PAUSE)))
    }
}
