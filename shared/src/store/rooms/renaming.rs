//! A person's new name and picture in the rooms that they are in.

use serde_json::json;

use super::member::{Member, MemberName};
use super::members::{approved, member_key, name_key};
use super::membership::{Membership, NAMES};
use super::room::Room;
use crate::domain::rooms::{folded_name, numbered_name};
use crate::ports::{Change, Comparison, Condition, TableError, Write};
use crate::store::record::to_item;
use crate::store::{User, Users};

impl Membership<'_> {
    /// Gives a member another name in a room, numbered where it is taken; answers the name.
    pub async fn rename(
        &self,
        room: &Room,
        member: &Member,
        user: &User,
    ) -> Result<Option<String>, TableError> {
        for attempt in 1..NAMES {
            let name = numbered_name(&user.display_name, attempt);
            let (old, new) = (folded_name(&member.name), folded_name(&name));
            let own = Condition::Compare("user".to_owned(), Comparison::Equal, json!(user.id));
            let free = Condition::Any(vec![Condition::Absent, own]);
            let claim = MemberName { user: user.id, expires_at: user.expires_at };
            let mut changes = vec![Change::Set("name".to_owned(), json!(name))];
            changes.push(match &user.picture {
                Some(picture) => Change::Set("picture".to_owned(), json!(picture)),
                None => Change::Remove("picture".to_owned()),
            });
            let mut writes = vec![
                Write::Put(to_item(name_key(&room.code, &new), &claim)?, free.clone()),
                Write::Update(member_key(&room.code, user.id), changes, approved()),
                Users::is_enabled(user.id),
            ];
            writes.extend((old != new).then(|| Write::Delete(name_key(&room.code, &old), free)));
            match self.0.transact(writes).await {
                Ok(()) => return Ok(Some(name)),
                Err(TableError::ConditionFailed(refusals))
                    if refusals.iter().all(|refusal| refusal.index == 0) => {}
                Err(TableError::ConditionFailed(_)) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}
