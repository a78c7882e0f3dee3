//! Transactions that take names, which must be free.

use super::is_owner;
use crate::ids::UserId;
use crate::ports::{Condition, Item, Table, TableError, Write};
use crate::store::record::refused;

/// What kept an account from being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameTaken {
    /// Somebody has the username.
    Username,
    /// Somebody has the e-mail address.
    Email,
}

/// Writes of one transaction; those that claim a name stand at the places in the second list.
pub(super) struct Claims(pub(super) Vec<Write>, Vec<(usize, NameTaken)>);

impl Claims {
    pub(super) fn new(writes: Vec<Write>) -> Self {
        Self(writes, Vec::new())
    }

    pub(super) fn claim(&mut self, name: NameTaken, item: Item) {
        self.1.push((self.0.len(), name));
        self.0.push(Write::Put(item, Condition::Absent));
    }

    /// Writes a name's item anew for the one whose it is.
    pub(super) fn renew(&mut self, item: Item, owner: UserId) {
        self.0.push(Write::Put(item, is_owner(owner)));
    }

    /// Writes all of it or nothing.
    pub(super) async fn write(self, table: &dyn Table) -> Result<Written, TableError> {
        let Self(writes, claims) = self;
        let Some(refusals) = refused(table.transact(writes).await)? else {
            return Ok(Written::All);
        };
        let is_refused = |place: usize| refusals.iter().any(|refusal| refusal.index == place);
        let taken = claims.into_iter().find(|(place, _)| is_refused(*place));
        Ok(taken.map_or(Written::Refused, |(_, name)| Written::Taken(name)))
    }
}

/// What became of a transaction.
pub(super) enum Written {
    /// All of it is written.
    All,
    /// A name that it claims is somebody's.
    Taken(NameTaken),
    /// Something else stands against it.
    Refused,
}
