//! The sockets of a group.

use std::collections::HashMap;
use std::sync::Arc;

use super::roster::Roster;
use crate::embedded::Outbox;
use crate::ids::{ConnectionId, UserId};
use crate::protocol::Dialect;

/// The sockets of a group by what they speak, and the people behind them.
#[derive(Debug, Default)]
pub(super) struct Members {
    sockets: [Vec<Member>; Dialect::ALL.len()],
    places: HashMap<ConnectionId, (Dialect, usize)>,
    /// Who is present, in a room.
    pub(super) roster: Roster,
}

#[derive(Debug)]
pub(super) struct Member {
    pub(super) outbox: Arc<Outbox>,
    pub(super) user: Option<UserId>,
}

impl Members {
    /// Adds a socket; tells whether it was none.
    pub(super) fn add(&mut self, outbox: &Arc<Outbox>, dialect: Dialect, user: Option<UserId>) -> bool {
        if self.contains(outbox.id()) {
            return false;
        }
        let sockets = &mut self.sockets[dialect.index()];
        self.places.insert(outbox.id().clone(), (dialect, sockets.len()));
        sockets.push(Member { outbox: Arc::clone(outbox), user });
        true
    }

    /// Takes a socket out; answers it if it was one.
    pub(super) fn remove(&mut self, id: &ConnectionId) -> Option<Member> {
        let (dialect, place) = self.places.remove(id)?;
        let sockets = &mut self.sockets[dialect.index()];
        let left = sockets.swap_remove(place);
        if let Some(moved) = sockets.get(place) {
            self.places.insert(moved.outbox.id().clone(), (dialect, place));
        }
        Some(left)
    }

    /// How many sockets there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Those of each dialect that anybody speaks.
    pub(super) fn by_dialect(&self) -> impl Iterator<Item = (Dialect, &[Member])> {
        let all = Dialect::ALL.into_iter().zip(self.sockets.iter().map(Vec::as_slice));
        all.filter(|(_, sockets)| !sockets.is_empty())
    }

    /// The names of all sockets, or of one person's.
    pub(super) fn ids(&self, user: Option<UserId>) -> Vec<ConnectionId> {
        let asked = self.sockets.iter().flatten().filter(|member| user.is_none() || member.user == user);
        asked.map(|member| member.outbox.id().clone()).collect()
    }

    pub(super) fn contains(&self, id: &ConnectionId) -> bool {
        self.places.contains_key(id)
    }

    pub(super) fn is_forgettable(&self) -> bool {
        self.places.is_empty() && self.roster.is_forgettable()
    }
}
