//! A person's new name and picture in the rooms that they are in, or were.

use serde_json::json;

use super::member::{Member, MemberName};
use super::members::{is_as_read, member_key, name_key};
use super::membership::{Membership, NAMES};
use super::person_rooms::{PersonRoom, PersonRooms};
use crate::domain::rooms::{folded_name, numbered_name};
use crate::ports::{Change, Comparison, Condition, EXPIRES_AT, TableError, Write};
use crate::store::record::to_item;
use crate::store::rooms::room::Room;
use crate::store::{User, Users};

impl Membership<'_> {
    /// Gives somebody in a room the name and the picture that they have now, and a guest the time; members and applicants
    /// get a number where the name is taken. Answers the row; none if it has changed meanwhile, or the person is gone.
    pub async fn rename(
        &self,
        room: &Room,
        member: &Member,
        user: &User,
    ) -> Result<Option<Member>, TableError> {
        for attempt in 1..NAMES {
            let name = numbered_name(&user.display_name, attempt);
            let picture = user.picture.as_ref().map(ToString::to_string);
            let after = Member { name, picture, expires_at: user.expires_at, ..member.clone() };
            match self.0.transact(renaming(room, member, &after)?).await {
                Ok(()) => return Ok(Some(after)),
                Err(TableError::ConditionFailed(refusals))
                    if member.holds_name() && refusals.iter().all(|refusal| refusal.index == CLAIM) => {}
                Err(TableError::ConditionFailed(_) | TableError::Conflict) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}

/// The place of the write that claims a name.
const CLAIM: usize = 2;

fn renaming(room: &Room, member: &Member, after: &Member) -> Result<Vec<Write>, TableError> {
    let user = member.user;
    let optional = |name: &str, value: Option<serde_json::Value>| match value {
        Some(value) => Change::Set(name.to_owned(), value),
        None => Change::Remove(name.to_owned()),
    };
    let changes = vec![
        Change::Set("name".to_owned(), json!(after.name)),
        optional("picture", after.picture.as_ref().map(|picture| json!(picture))),
        optional(EXPIRES_AT, after.expires_at.map(|at| json!(at))),
    ];
    let mut writes = vec![
        Users::is_enabled(user),
        Write::Update(member_key(&room.code, user), changes, is_as_read(member)),
    ];
    if member.holds_name() {
        let own = Condition::Compare("user".to_owned(), Comparison::Equal, json!(user));
        let free = Condition::Any(vec![Condition::Absent, own]);
        let claim = MemberName { user, expires_at: after.expires_at };
        let (old, new) = (folded_name(&member.name), folded_name(&after.name));
        writes.push(Write::Put(to_item(name_key(&room.code, &new), &claim)?, free.clone()));
        writes.extend((old != new).then(|| Write::Delete(name_key(&room.code, &old), free)));
    }
    let (code, expires_at) = (room.code.clone(), after.expires_at);
    let entry = PersonRoom { code, kind: room.kind, status: member.status, expires_at };
    writes.push(PersonRooms::noting(user, &entry)?);
    Ok(writes)
}
