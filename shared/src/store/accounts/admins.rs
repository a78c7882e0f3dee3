//! Who runs the place. How many admins are enabled is counted in one item, so that there being another one is a condition of
//! every write that takes one away.

use crate::ids::UserId;
use crate::ports::{Change, Comparison, Condition, Consistency, Key, Table, TableError, Write};
use crate::protocol::Role;
use crate::store::accounts::user::User;
use crate::store::accounts::users::Users;
use crate::store::record::{key, refused};

const VALUE: &str = "value";

/// The admins in a table.
#[derive(Debug)]
pub struct Admins<'a>(pub &'a dyn Table);

/// What became of a change of a person by an admin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdminChange {
    /// The person is stored like this now.
    Done(Box<User>),
    /// Whoever wanted it is no admin any more.
    ByNoAdmin,
    /// Nobody would be left.
    LastAdmin,
    /// The person was changed by somebody else in between.
    Overtaken,
}

/// What became of writes in an admin's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdminDeed {
    /// They are made.
    Done,
    /// Whoever wanted them is no admin any more.
    ByNoAdmin,
    /// Something was not as it was when it was read.
    Overtaken,
}

impl Admins<'_> {
    /// How many there are that are not disabled.
    pub async fn count(&self) -> Result<u64, TableError> {
        let item = self.0.get(&counter(), Consistency::Strong).await?;
        let value = item.and_then(|item| item.attributes.get(VALUE).and_then(serde_json::Value::as_u64));
        Ok(value.unwrap_or(0))
    }

    /// Writes a note by an admin; tells whether they still are one.
    pub async fn note(&self, by: UserId, note: Write) -> Result<bool, TableError> {
        Ok(refused(self.0.transact(vec![Users::is_enabled_admin(by), note]).await)?.is_none())
    }

    /// Makes writes in an admin's name: all of them or none.
    pub async fn carry_out(&self, by: UserId, writes: Vec<Write>) -> Result<AdminDeed, TableError> {
        let writes = [vec![Users::is_enabled_admin(by)], writes].concat();
        match self.0.transact(writes).await {
            Ok(()) => Ok(AdminDeed::Done),
            Err(TableError::ConditionFailed(refusals))
                if refusals.iter().any(|refusal| refusal.index == 0) =>
            {
                Ok(AdminDeed::ByNoAdmin)
            }
            Err(TableError::ConditionFailed(_) | TableError::Conflict) => Ok(AdminDeed::Overtaken),
            Err(other) => Err(other),
        }
    }

    /// Puts a changed person in the place of the one that was read, with other writes; `by` is the admin who does so, none
    /// whoever owns the table.
    pub async fn change(
        &self,
        by: Option<UserId>,
        before: &User,
        after: &User,
        with: Vec<Write>,
    ) -> Result<AdminChange, TableError> {
        let (replacement, stored) = Users::replacement(before, after)?;
        let mut writes = vec![replacement];
        let count = recount(Some(before), Some(after));
        let count_place = count.is_some().then_some(writes.len());
        writes.extend(count);
        let admin_place = by.map(|_| writes.len());
        writes.extend(by.map(Users::is_enabled_admin));
        writes.extend(with);
        let refusals = match self.0.transact(writes).await {
            Ok(()) => return Ok(AdminChange::Done(Box::new(stored))),
            Err(TableError::ConditionFailed(refusals)) => refusals,
            Err(TableError::Conflict) => return Ok(AdminChange::Overtaken),
            Err(other) => return Err(other),
        };
        let is_refused = |place: Option<usize>| {
            place.is_some_and(|place| refusals.iter().any(|refusal| refusal.index == place))
        };
        Ok(match (is_refused(admin_place), is_refused(count_place)) {
            (true, _) => AdminChange::ByNoAdmin,
            (false, true) => AdminChange::LastAdmin,
            (false, false) => AdminChange::Overtaken,
        })
    }
}

/// The write that counts anew when a person comes, changes or goes; none where they are no admin before or after.
pub(in crate::store) fn recount(before: Option<&User>, after: Option<&User>) -> Option<Write> {
    let counts = |user: Option<&User>| user.is_some_and(|user| user.role == Role::Admin && !user.is_disabled);
    let add = |number| vec![Change::Add(VALUE.to_owned(), number)];
    match (counts(before), counts(after)) {
        (false, true) => Some(Write::Update(counter(), add(1), Condition::Always)),
        (true, false) => {
            let another = Condition::Compare(VALUE.to_owned(), Comparison::AtLeast, 2.into());
            Some(Write::Update(counter(), add(-1), another))
        }
        _ => None,
    }
}

fn counter() -> Key {
    key("COUNTER", "ADMINS")
}
