//! Whose picture it is: `PICTURE#<name>`, as long as the person points to it.

use serde::{Deserialize, Serialize};

use crate::ids::{StoredName, UserId};
use crate::ports::{Condition, Consistency, Key, Table, TableError, Write};
use crate::store::accounts::user::User;
use crate::store::record::{key, to_item};

/// Whose it is.
#[derive(Serialize, Deserialize)]
struct Owner {
    id: UserId,
}

/// The pictures of people in a table.
#[derive(Debug)]
pub struct Pictures<'a>(pub &'a dyn Table);

impl Pictures<'_> {
    /// Whether it is anybody's picture.
    pub async fn is_known(&self, name: &StoredName) -> Result<bool, TableError> {
        Ok(self.0.get(&picture(name), Consistency::Strong).await?.is_some())
    }
}

/// The writes that let a person have another picture than before, or none.
pub(in crate::store) fn exchange(
    before: Option<&User>,
    after: Option<&User>,
) -> Result<Vec<Write>, TableError> {
    let name = |user: Option<&User>| user.and_then(|user| user.picture.clone());
    let (old, new) = (name(before), name(after));
    if old == new {
        return Ok(Vec::new());
    }
    let removal = old.map(|name| Ok(Write::Delete(picture(&name), Condition::Always)));
    let addition = new.zip(after).map(|(name, user)| {
        Ok(Write::Put(to_item(picture(&name), &Owner { id: user.id })?, Condition::Absent))
    });
    removal.into_iter().chain(addition).collect()
}

fn picture(name: &StoredName) -> Key {
    key(format!("PICTURE#{name}"), "OWNER")
}
