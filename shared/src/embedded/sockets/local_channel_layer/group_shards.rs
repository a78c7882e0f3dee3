//! Who is in which group.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::members::Members;
use crate::ports::Group;

/// Groups in different shards never wait for each other.
const SHARDS: usize = 64;

/// All groups, spread over shards with a lock each.
#[derive(Debug)]
pub(super) struct GroupShards {
    hasher: RandomState,
    shards: Vec<Mutex<HashMap<Group, Members>>>,
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
