//! Which sockets are open.

use std::time::Duration;

use async_trait::async_trait;

use super::{Known, LocalChannelLayer, Welcome};
use crate::ids::ConnectionId;
use crate::ports::{ChannelError, Connection, Connections, WelcomeLease};

/// How long a welcome may take before somebody else may greet the socket.
const WELCOME_LEASE: Duration = Duration::from_secs(30);
/// How long a welcome waits for the handshake to be answered: much longer than the answer's way to the socket.
const PATIENCE: Duration = Duration::from_secs(1);

impl LocalChannelLayer {
    fn lease(&self, id: &ConnectionId) -> WelcomeLease {
        let now = self.clock.now();
        let mut connections = self.connections();
        let Some(known) = connections.get_mut(id) else {
            return WelcomeLease::Gone;
        };
        if known.outbox.is_pending() {
            return WelcomeLease::Busy;
        }
        match known.welcome {
            Welcome::Done => WelcomeLease::Done,
            Welcome::LeasedUntil(end) if now < end => WelcomeLease::Busy,
            Welcome::Due | Welcome::LeasedUntil(_) => {
                known.welcome = Welcome::LeasedUntil(now.plus(WELCOME_LEASE));
                WelcomeLease::Granted(known.connection.clone())
            }
        }
    }
}

#[async_trait]
impl Connections for LocalChannelLayer {
    async fn register(&self, connection: &Connection) -> Result<(), ChannelError> {
        // A socket that is gone already needs no row: nothing would ever take it away again.
        if let Some(outbox) = self.registry.get(&connection.id) {
            let mut connections = self.connections();
            let known = || Known {
                connection: connection.clone(),
                outbox,
                groups: Vec::new(),
                welcome: Welcome::Due,
            };
            connections.entry(connection.id.clone()).or_insert_with(known);
        }
        Ok(())
    }

    async fn find(&self, id: &ConnectionId) -> Result<Option<Connection>, ChannelError> {
        Ok(self.connections().get(id).map(|known| known.connection.clone()))
    }

    async fn lease_welcome(&self, id: &ConnectionId) -> Result<WelcomeLease, ChannelError> {
        // The welcome may be quicker than the answer to the handshake, which has to come first.
        let _ = tokio::time::timeout(PATIENCE, self.registry.until_answered(id)).await;
        Ok(self.lease(id))
    }

    async fn release_welcome(&self, id: &ConnectionId) -> Result<(), ChannelError> {
        if let Some(known) = self.connections().get_mut(id)
            && matches!(known.welcome, Welcome::LeasedUntil(_))
        {
            known.welcome = Welcome::Due;
        }
        Ok(())
    }

    async fn welcomed(&self, id: &ConnectionId) -> Result<(), ChannelError> {
        if let Some(known) = self.connections().get_mut(id) {
            known.welcome = Welcome::Done;
        }
        Ok(())
    }

    async fn forget(&self, id: &ConnectionId) -> Result<Option<Connection>, ChannelError> {
        let mut departures = Vec::new();
        let forgotten = self.forget_now(id, &mut departures);
        self.look_later(departures).await?;
        Ok(forgotten)
    }
}
