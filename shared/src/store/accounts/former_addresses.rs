//! The address that an account had before: `USER#<id>`, `FORMER_EMAIL`, for a day, so that whoever reads it can be told.

use serde::{Deserialize, Serialize};

use crate::domain::email_address::EmailAddress;
use crate::ids::UserId;
use crate::ports::{Condition, Consistency, Key, Table, TableError, Write};
use crate::protocol::Timestamp;
use crate::store::record::{from_item, key, refused, to_item};

/// For how long it is remembered, in seconds.
const LIFE: i64 = 24 * 3600;

#[derive(Serialize, Deserialize)]
struct Row {
    email: EmailAddress,
    expires_at: i64,
}

/// The former addresses in a table.
#[derive(Debug)]
pub struct FormerAddresses<'a>(pub &'a dyn Table);

impl FormerAddresses<'_> {
    /// Remembers an address. Of several within a day the first stands: that one was surely its owner's, whoever changes
    /// it again and again.
    pub async fn remember(
        &self,
        user: UserId,
        email: &EmailAddress,
        now: Timestamp,
    ) -> Result<(), TableError> {
        let row = Row { email: email.clone(), expires_at: now.as_secs() + LIFE };
        refused(self.0.write(Write::Put(to_item(place(user), &row)?, Condition::Absent)).await).map(drop)
    }

    /// The address that is remembered.
    pub async fn get(&self, user: UserId) -> Result<Option<EmailAddress>, TableError> {
        let item = self.0.get(&place(user), Consistency::Strong).await?;
        Ok(item.map(from_item::<Row>).transpose()?.map(|row| row.email))
    }
}

fn place(user: UserId) -> Key {
    key(format!("USER#{user}"), "FORMER_EMAIL")
}
