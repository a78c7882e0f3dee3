//! The channel layer of one process.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use super::group_shards::{GroupShards, Members};
use super::{Ending, Outbox, Pushed, SocketRegistry, WireFrame};
use crate::ids::{ConnectionId, UserId};
use crate::ports::{ChannelError, ChannelLayer, Clock, Connection, Delivery, FanOut, Group, WelcomeLease};
use crate::protocol::{Close, Dialect, Event, Frame, Timestamp};

/// How long a welcome may take before somebody else may greet the socket.
const WELCOME_LEASE: Duration = Duration::from_secs(30);
/// How long a welcome waits for the handshake to be answered: much longer than the answer's way to the socket.
const PATIENCE: Duration = Duration::from_secs(1);

/// [`ChannelLayer`] over the outboxes of a [`SocketRegistry`].
///
/// A frame is encoded once per publish, and pushed to every outbox under the group's lock: all members see the same
/// order. Locks are taken in the order connections, group, outbox.
#[derive(Debug)]
pub struct LocalChannelLayer {
    registry: Arc<SocketRegistry>,
    clock: Arc<dyn Clock>,
    connections: Mutex<HashMap<ConnectionId, Known>>,
    groups: GroupShards,
}

#[derive(Debug)]
struct Known {
    connection: Connection,
    outbox: Arc<Outbox>,
    groups: Vec<Group>,
    welcome: Welcome,
}

#[derive(Debug, Clone, Copy)]
enum Welcome {
    Due,
    LeasedUntil(Timestamp),
    Done,
}

impl LocalChannelLayer {
    /// A layer without connections.
    pub fn new(registry: Arc<SocketRegistry>, clock: Arc<dyn Clock>) -> Self {
        Self { registry, clock, connections: Mutex::default(), groups: GroupShards::new() }
    }

    /// Pushes to every member, and hands those that were idle to the flusher at once.
    fn push_to_all(&self, group: &Group, frame: &WireFrame) {
        let now = self.clock.now();
        let mut idle = Vec::new();
        let mut dead = Vec::new();
        self.groups.read(group, |members| {
            idle.reserve(members.sockets().len());
            for member in members.sockets() {
                let (pushed, claimed) = member.outbox.enqueue(frame, now);
                if claimed {
                    idle.push(Arc::clone(&member.outbox));
                }
                if pushed == Pushed::Closed {
                    dead.push(member.outbox.id().clone());
                }
            }
        });
        self.registry.flush(idle);
        for id in dead {
            self.forget_now(&id);
        }
    }

    fn push_to_one(&self, id: &ConnectionId, frame: &WireFrame) -> Delivery {
        let outbox = self.registry.get(id);
        match outbox.map_or(Pushed::Closed, |outbox| outbox.push(frame, self.clock.now())) {
            Pushed::Queued => Delivery::Sent,
            Pushed::NotYetOpen | Pushed::Full | Pushed::Closing => Delivery::Gone,
            Pushed::Closed => {
                self.forget_now(id);
                Delivery::Gone
            }
        }
    }

    fn forget_now(&self, id: &ConnectionId) -> Option<Connection> {
        let mut connections = self.connections();
        let known = connections.remove(id)?;
        for group in &known.groups {
            self.groups.with(group, |members| members.leave(id));
        }
        Some(known.connection)
    }

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

    fn connections(&self) -> MutexGuard<'_, HashMap<ConnectionId, Known>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whose presence a membership counts for: somebody's in rooms alone.
fn person(group: &Group, connection: &Connection) -> Option<UserId> {
    match group {
        Group::Feed | Group::User(_) => None,
        Group::Room(_) => connection.identity.as_ref().map(|identity| identity.user),
    }
}

/// The socket that a row of a group is about: rows are called `user#connection`, or by the connection alone.
fn socket_of(row: &str) -> Option<ConnectionId> {
    row.rsplit('#').next()?.parse().ok()
}

#[async_trait]
impl ChannelLayer for LocalChannelLayer {
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

    async fn connection(&self, id: &ConnectionId) -> Result<Option<Connection>, ChannelError> {
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

    async fn join(&self, group: &Group, connection: &Connection) -> Result<bool, ChannelError> {
        let mut connections = self.connections();
        // Forgotten meanwhile: a membership would stay for ever.
        let Some(known) = connections.get_mut(&connection.id) else {
            return Ok(false);
        };
        if !known.groups.contains(group) {
            known.groups.push(group.clone());
        }
        let user = person(group, connection);
        Ok(self.groups.with(group, |members| members.join(&known.outbox, user)))
    }

    async fn leave(&self, group: &Group, connection: &Connection) -> Result<bool, ChannelError> {
        let mut connections = self.connections();
        if let Some(known) = connections.get_mut(&connection.id) {
            known.groups.retain(|other| other != group);
        }
        Ok(self.groups.with(group, |members| members.leave(&connection.id)))
    }

    async fn confirm_left(&self, group: &Group, user: UserId) -> Result<bool, ChannelError> {
        Ok(self.groups.with(group, |members| members.confirm_left(user)))
    }

    async fn present(&self, group: &Group) -> Result<Vec<UserId>, ChannelError> {
        Ok(self.groups.read(group, |members| members.present()).unwrap_or_default())
    }

    async fn is_occupied(&self, group: &Group) -> Result<bool, ChannelError> {
        Ok(self.groups.read(group, |members| !members.sockets().is_empty()).unwrap_or(false))
    }

    async fn sockets(&self, group: &Group) -> Result<Vec<Connection>, ChannelError> {
        let ids =
            |members: &Members| members.sockets().iter().map(|member| member.outbox.id().clone()).collect();
        let ids: Vec<_> = self.groups.read(group, ids).unwrap_or_default();
        let connections = self.connections();
        let known = ids.iter().filter_map(|id| connections.get(id));
        Ok(known.map(|known| known.connection.clone()).collect())
    }

    async fn send(&self, id: &ConnectionId, frame: &Frame) -> Result<Delivery, ChannelError> {
        Ok(self.push_to_one(id, &WireFrame::from(frame)))
    }

    async fn publish(&self, group: &Group, frame: &Frame) -> Result<(), ChannelError> {
        self.push_to_all(group, &WireFrame::from(frame));
        Ok(())
    }

    async fn fan_out(&self, piece: FanOut, _: Option<Timestamp>) -> Result<(), ChannelError> {
        match piece {
            FanOut::Group { group, frame, .. } => self.push_to_all(&group, &WireFrame::from(&frame)),
            FanOut::Sockets { group, rows, frame, .. } => {
                let frame = WireFrame::from(&frame);
                for id in rows.iter().filter_map(|row| socket_of(row)) {
                    if self.groups.read(&group, |members| members.contains(&id)).unwrap_or(false) {
                        self.push_to_one(&id, &frame);
                    }
                }
            }
        }
        Ok(())
    }

    async fn close(&self, id: &ConnectionId, reason: Close) -> Result<(), ChannelError> {
        if let Some(outbox) = self.registry.get(id) {
            let error = Event::closing(reason).frame(Dialect::Feed).map(|frame| WireFrame::from(&frame));
            let ending = Ending { code: reason.code(), reason: Cow::Borrowed(reason.name()) };
            outbox.close(ending, error.as_ref());
        }
        Ok(())
    }

    async fn forget(&self, id: &ConnectionId) -> Result<Option<Connection>, ChannelError> {
        Ok(self.forget_now(id))
    }
}
