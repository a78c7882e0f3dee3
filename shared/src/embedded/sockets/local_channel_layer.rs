//! The sockets of one process.

mod connections;
mod group_shards;
mod groups;
mod members;
mod roster;
mod sender;
mod wire_frames;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use self::group_shards::GroupShards;
use crate::embedded::{Outbox, SocketRegistry};
use crate::ids::{ConnectionId, PresenceToken, RoomCode, UserId};
use crate::ports::{ABSENCE_GRACE, AbsenceCheck, ChannelError, Clock, Connection, Group, Job, Jobs, Random};
use crate::protocol::Timestamp;

/// [`Connections`](crate::ports::Connections), [`Groups`](crate::ports::Groups) and [`Sender`](crate::ports::Sender) over
/// the outboxes of a [`SocketRegistry`].
///
/// A frame is encoded once per publish and dialect, and pushed to every outbox under the group's lock: all members see
/// the same order. Locks are taken in the order connections, group, outbox.
#[derive(Debug)]
pub struct LocalChannelLayer {
    registry: Arc<SocketRegistry>,
    jobs: Arc<dyn Jobs>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
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

/// Somebody whose last socket has left a room.
struct Departure {
    room: RoomCode,
    user: UserId,
    /// Their newest join.
    token: PresenceToken,
}

impl LocalChannelLayer {
    /// A layer without connections.
    pub fn new(
        registry: Arc<SocketRegistry>,
        jobs: Arc<dyn Jobs>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self { registry, jobs, clock, random, connections: Mutex::default(), groups: GroupShards::new() }
    }

    /// How many sockets are known, how many people are behind them, and in how many rooms they are.
    pub(super) fn totals(&self) -> (u64, u64, u64) {
        let connections = self.connections();
        let known = || connections.values().map(|known| &known.connection);
        let people: HashSet<UserId> = known().filter_map(Connection::user).collect();
        let rooms: HashSet<&RoomCode> = known().filter_map(|socket| socket.endpoint.room()).collect();
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        (count(connections.len()), count(people.len()), count(rooms.len()))
    }

    /// Forgets a connection and its memberships, and adds who may have left by that.
    fn forget_now(&self, id: &ConnectionId, departures: &mut Vec<Departure>) -> Option<Connection> {
        let mut connections = self.connections();
        let known = connections.remove(id)?;
        self.jobs.forget(id);
        departures.extend(known.groups.iter().filter_map(|group| self.take_out(group, id)));
        Some(known.connection)
    }

    /// Sees to it that somebody looks in some seconds who has really left.
    async fn look_later(&self, departures: Vec<Departure>) -> Result<(), ChannelError> {
        if departures.is_empty() {
            return Ok(());
        }
        let job = |Departure { room, user, token }| {
            let check = AbsenceCheck { token, id: PresenceToken::from_random(self.random.bytes()) };
            (Job::CheckAbsence { room, user, check }, ABSENCE_GRACE)
        };
        let jobs = departures.into_iter().map(job).collect();
        self.jobs.enqueue(jobs).await.map_err(|error| ChannelError(Box::new(error)))
    }

    fn connections(&self) -> MutexGuard<'_, HashMap<ConnectionId, Known>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
