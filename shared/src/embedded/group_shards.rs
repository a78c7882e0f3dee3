//! Who is in which group.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Outbox;
use crate::ids::{ConnectionId, UserId};
use crate::ports::Group;

/// Groups in different shards never wait for each other.
const SHARDS: usize = 64;

/// All groups, spread over shards with a lock each.
#[derive(Debug)]
pub(super) struct GroupShards {
    hasher: RandomState,
    shards: Vec<Mutex<HashMap<Group, Members>>>,
}

/// The sockets of a group, and the people behind them.
#[derive(Debug, Default)]
pub(super) struct Members {
    sockets: Vec<Member>,
    places: HashMap<ConnectionId, usize>,
    sockets_of: HashMap<UserId, usize>,
    present: BTreeSet<UserId>,
}

#[derive(Debug)]
pub(super) struct Member {
    pub(super) outbox: Arc<Outbox>,
    user: Option<UserId>,
}

impl GroupShards {
    pub(super) fn new() -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { hasher: RandomState::new(), shards }
    }

    /// Does something with a group; one that has become empty is dropped.
    pub(super) fn with<T>(&self, group: &Group, act: impl FnOnce(&mut Members) -> T) -> T {
        let mut shard = self.shard(group);
        let result = act(shard.entry(group.clone()).or_default());
        if shard.get(group).is_some_and(Members::is_forgettable) {
            shard.remove(group);
        }
        result
    }

    /// Looks at a group, if there is one.
    pub(super) fn read<T>(&self, group: &Group, look: impl FnOnce(&Members) -> T) -> Option<T> {
        self.shard(group).get(group).map(look)
    }

    fn shard(&self, group: &Group) -> MutexGuard<'_, HashMap<Group, Members>> {
        let index = self.hasher.hash_one(group) % self.shards.len() as u64;
        // Less than SHARDS: the conversion cannot fail.
        let index = usize::try_from(index).unwrap_or(0);
        self.shards[index].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Members {
    /// Adds a socket; tells whether this made the person present.
    pub(super) fn join(&mut self, outbox: &Arc<Outbox>, user: Option<UserId>) -> bool {
        if self.places.contains_key(outbox.id()) {
            return false;
        }
        self.places.insert(outbox.id().clone(), self.sockets.len());
        self.sockets.push(Member { outbox: Arc::clone(outbox), user });
        let Some(user) = user else { return false };
        *self.sockets_of.entry(user).or_default() += 1;
        self.present.insert(user)
    }

    /// Takes a socket out; tells whether it was the person's last one.
    pub(super) fn leave(&mut self, id: &ConnectionId) -> bool {
        let Some(place) = self.places.remove(id) else {
            return false;
        };
        let left = self.sockets.swap_remove(place);
        if let Some(moved) = self.sockets.get(place) {
            self.places.insert(moved.outbox.id().clone(), place);
        }
        let Some(user) = left.user else { return false };
        let sockets = self.sockets_of.entry(user).or_default();
        *sockets = sockets.saturating_sub(1);
        let last = *sockets == 0;
        if last {
            self.sockets_of.remove(&user);
        }
        last
    }

    /// Marks a person as gone if no socket of theirs is here; tells whether that was a change.
    pub(super) fn confirm_left(&mut self, user: UserId) -> bool {
        !self.sockets_of.contains_key(&user) && self.present.remove(&user)
    }

    pub(super) fn present(&self) -> Vec<UserId> {
        self.present.iter().copied().collect()
    }

    pub(super) fn sockets(&self) -> &[Member] {
        &self.sockets
    }

    pub(super) fn contains(&self, id: &ConnectionId) -> bool {
        self.places.contains_key(id)
    }

    fn is_forgettable(&self) -> bool {
        self.sockets.is_empty() && self.present.is_empty()
    }
}
