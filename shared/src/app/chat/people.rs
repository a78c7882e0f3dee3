//! Authors of messages. A message keeps its author's number, and is shown with the name that the author has today.

use std::collections::BTreeMap;

use crate::app::rooms::shown::GONE;
use crate::app::{App, AppError};
use crate::ids::{RoomCode, UserId};
use crate::store::{Member, Members};

/// How somebody is shown in a room.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Their number.
    pub user: UserId,
    /// Their name there, or what stands for the name of somebody who is gone.
    pub name: String,
    /// The name of their picture's bytes.
    pub picture: Option<String>,
    /// Their row, if there is one.
    pub member: Option<Member>,
}

/// The people behind some messages of a room.
#[derive(Debug, Clone, Default)]
pub struct Authors(BTreeMap<UserId, Member>);

impl Authors {
    /// Reads the rows of these people, each once.
    pub async fn of(
        app: &App,
        room: &RoomCode,
        users: impl IntoIterator<Item = UserId>,
    ) -> Result<Self, AppError> {
        let mut users: Vec<UserId> = users.into_iter().collect();
        users.sort_unstable();
        users.dedup();
        let members = Members(&*app.ports.table).of(room, &users).await?;
        Ok(Self(members.into_iter().map(|member| (member.user, member)).collect()))
    }

    /// One person, whose row is at hand.
    pub fn one(member: &Member) -> Self {
        Self(BTreeMap::from([(member.user, member.clone())]))
    }

    /// How somebody is shown.
    pub fn shown(&self, user: UserId) -> Shown {
        let member = self.0.get(&user).cloned();
        let named = member.as_ref().filter(|member| !member.name.is_empty());
        Shown {
            user,
            name: named.map_or_else(|| GONE.to_owned(), |member| member.name.clone()),
            picture: named.and_then(|member| member.picture.clone()),
            member,
        }
    }
}
