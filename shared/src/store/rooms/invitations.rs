//! Invitations: `INVITE#<hash>` for who brings one, `ROOM#<code>`, `INVITE#<id>` for the room's own list.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::all_rooms::room_key;
use crate::domain::token::TokenHash;
use crate::ids::{RoomCode, UserId};
use crate::ports::{
    Change, Comparison, Condition, Consistency, Direction, Key, Partition, Query, SortRange, Table,
    TableError, Write,
};
use crate::store::record::{from_item, key, refused, to_item};

/// How many invitations a room may have at a time.
pub(super) const MOST: usize = 100;
const INVITE: &str = "INVITE#";

/// A way into a room without a password or approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Its name in the room's list.
    pub id: String,
    /// Of its token.
    pub hash: TokenHash,
    /// Which room.
    pub room: RoomCode,
    /// Who made it.
    pub created_by: UserId,
    /// How many people may come in by it.
    pub uses: u32,
    /// How many have.
    pub used: u32,
    /// When it ends, in whole seconds since 1970.
    pub expires_at: i64,
}

/// The invitations in a table.
#[derive(Debug)]
pub struct Invitations<'a>(pub &'a dyn Table);

impl Invitations<'_> {
    /// Adds an invitation; tells whether there was room for it.
    pub async fn add(&self, invitation: &Invitation) -> Result<bool, TableError> {
        if self.of(&invitation.room).await?.len() >= MOST {
            return Ok(false);
        }
        let writes = vec![
            Write::Put(to_item(token_key(&invitation.hash), invitation)?, Condition::Absent),
            Write::Put(to_item(list_key(&invitation.room, &invitation.id), invitation)?, Condition::Absent),
        ];
        self.0.transact(writes).await.map(|()| true)
    }

    /// The invitation behind a token.
    pub async fn behind(&self, hash: &TokenHash) -> Result<Option<Invitation>, TableError> {
        self.0.get(&token_key(hash), Consistency::Strong).await?.map(from_item).transpose()
    }

    /// A room's invitations, with how often each was used.
    pub async fn of(&self, room: &RoomCode) -> Result<Vec<Invitation>, TableError> {
        let query = Query {
            partition: Partition::Table(room_key(room).pk),
            range: SortRange::Prefix(INVITE.to_owned()),
            direction: Direction::Forward,
            limit: MOST,
            after: None,
            consistency: Consistency::Strong,
        };
        let listed = self.0.query(&query).await?.items;
        let listed = listed.into_iter().map(from_item).collect::<Result<Vec<Invitation>, _>>()?;
        let keys: Vec<Key> = listed.iter().map(|invitation| token_key(&invitation.hash)).collect();
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.0.batch_get(&keys, Consistency::Strong).await?;
        let mut invitations = found.into_iter().map(from_item).collect::<Result<Vec<Invitation>, _>>()?;
        invitations.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(invitations)
    }

    /// Ends an invitation; tells whether there was one of that name.
    pub async fn remove(&self, room: &RoomCode, id: &str) -> Result<bool, TableError> {
        let Some(item) = self.0.get(&list_key(room, id), Consistency::Strong).await? else {
            return Ok(false);
        };
        let invitation: Invitation = from_item(item)?;
        let writes = vec![
            Write::Delete(token_key(&invitation.hash), Condition::Always),
            Write::Delete(list_key(room, id), Condition::Always),
        ];
        refused(self.0.transact(writes).await).map(|_| true)
    }
}

impl Invitation {
    /// The write that uses it once, if it may be.
    pub(super) fn usage(&self) -> Write {
        let condition = Condition::Compare("used".to_owned(), Comparison::Less, json!(self.uses));
        Write::Update(token_key(&self.hash), vec![Change::Add("used".to_owned(), 1)], condition)
    }
}

fn token_key(hash: &TokenHash) -> Key {
    key(format!("{INVITE}{}", hash.as_str()), "META")
}

fn list_key(room: &RoomCode, id: &str) -> Key {
    key(room_key(room).pk, format!("{INVITE}{id}"))
}
