//! Who is present in a room.

use std::collections::HashMap;
use std::time::Duration;

use crate::ids::{PresenceToken, UserId};
use crate::ports::{Absence, AbsenceCheck, Joined, Present};
use crate::protocol::Timestamp;

/// How long it is remembered which check found out that somebody had left: longer than jobs are repeated.
const LEFT_KEPT: Duration = Duration::from_secs(60 * 60);

/// The people in a room: somebody is present until it is confirmed that they have left, with or without sockets.
#[derive(Debug, Default)]
pub(super) struct Roster {
    present: HashMap<UserId, Mark>,
    /// Which check has found out of whom, and when, that they have left.
    left: HashMap<UserId, (PresenceToken, Timestamp)>,
}

#[derive(Debug)]
struct Mark {
    /// The newest join.
    token: PresenceToken,
    name: String,
    since: Timestamp,
    sockets: usize,
}

impl Roster {
    /// Counts a socket of somebody that has joined.
    pub(super) fn join(&mut self, user: UserId, name: &str, token: PresenceToken, now: Timestamp) -> Joined {
        if let Some(mark) = self.present.get_mut(&user) {
            mark.token = token;
            mark.sockets += 1;
            return Joined::Already;
        }
        self.left.remove(&user);
        self.present.insert(user, Mark { token, name: name.to_owned(), since: now, sockets: 1 });
        Joined::Arrived
    }

    /// Discounts a socket of somebody that has gone; answers their newest join if it was the last one.
    pub(super) fn leave(&mut self, user: UserId) -> Option<PresenceToken> {
        let mark = self.present.get_mut(&user)?;
        mark.sockets = mark.sockets.saturating_sub(1);
        (mark.sockets == 0).then(|| mark.token.clone())
    }

    /// Takes somebody out who has no sockets, if they have not joined since the check was asked for.
    pub(super) fn confirm_left(
        &mut self,
        user: UserId,
        check: Option<&AbsenceCheck>,
        now: Timestamp,
    ) -> Absence {
        let Some(mark) = self.present.get(&user) else {
            let found_by = self.left.get(&user).map(|(id, _)| id);
            let is_repeated = found_by.is_some() && found_by == check.map(|check| &check.id);
            return if is_repeated { Absence::Left } else { Absence::LeftBefore };
        };
        let is_known = check.is_none_or(|check| check.token == mark.token);
        if mark.sockets > 0 || !is_known {
            return Absence::StillHere;
        }
        self.present.remove(&user);
        self.left.retain(|_, (_, since)| now.since(*since) < LEFT_KEPT);
        if let Some(check) = check {
            self.left.insert(user, (check.id.clone(), now));
        }
        Absence::Left
    }

    /// Who is present, in the order in which they came: everybody, or one person if they are.
    pub(super) fn present(&self, user: Option<UserId>) -> Vec<Present> {
        let present = |(user, mark): (&UserId, &Mark)| Present {
            user: *user,
            name: mark.name.clone(),
            since: mark.since,
        };
        if let Some(user) = user {
            return self.present.get_key_value(&user).map(present).into_iter().collect();
        }
        let mut all: Vec<_> = self.present.iter().map(present).collect();
        all.sort_unstable_by_key(|present| (present.since, present.user));
        all
    }

    /// How many are present.
    pub(super) fn count(&self) -> usize {
        self.present.len()
    }

    /// Whether it can be forgotten together with an empty room: nobody is left to be told of who has left.
    pub(super) fn is_forgettable(&self) -> bool {
        self.present.is_empty()
    }
}
