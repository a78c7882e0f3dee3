//! Sign-ins. A token names its session; ending the session ends the token.

use serde::{Deserialize, Serialize};

use super::record::{from_item, key, to_item};
use super::users::Users;
use crate::domain::token::TokenHash;
use crate::ids::{SessionId, UserId};
use crate::ports::{Change, Condition, Consistency, EXPIRES_AT, Identity, Key, Table, TableError, Write};

/// A sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Whose.
    pub user: UserId,
    /// Which one.
    pub id: SessionId,
    /// Whether it is a guest's: person and session go together, after a day unused.
    pub is_guest: bool,
    /// Of the opaque session token.
    pub token_hash: TokenHash,
    /// Of the refresh token.
    pub refresh_hash: TokenHash,
    /// When it began, in microseconds since 1970.
    pub created_at: i64,
    /// When it ends if nobody uses it, in whole seconds since 1970.
    pub expires_at: i64,
}

/// The sign-ins in a table.
#[derive(Debug)]
pub struct Sessions<'a>(pub &'a dyn Table);

impl Sessions<'_> {
    /// The session of that name, as it is now.
    pub async fn get(&self, identity: &Identity) -> Result<Option<Session>, TableError> {
        self.0.get(&session_key(identity), Consistency::Strong).await?.map(from_item).transpose()
    }

    /// The write that begins a session.
    pub fn beginning(session: &Session) -> Result<Write, TableError> {
        let identity = Identity { user: session.user, session: session.id.clone() };
        Ok(Write::Put(to_item(session_key(&identity), session)?, Condition::Absent))
    }

    /// Lets a session live until then, in whole seconds since 1970, and its guest with it. It is no error if it ended.
    pub async fn extend(&self, session: &Session, expires_at: i64) -> Result<(), TableError> {
        let identity = Identity { user: session.user, session: session.id.clone() };
        let changes = vec![Change::Set(EXPIRES_AT.to_owned(), expires_at.into())];
        let mut writes = vec![Write::Update(session_key(&identity), changes, Condition::Exists)];
        writes.extend(session.is_guest.then(|| Users::extension(session.user, expires_at)));
        match self.0.transact(writes).await {
            Err(TableError::ConditionFailed(_) | TableError::Conflict) => Ok(()),
            other => other,
        }
    }

    /// Ends a session. It need not be there.
    pub async fn end(&self, identity: &Identity) -> Result<(), TableError> {
        self.0.write(Write::Delete(session_key(identity), Condition::Always)).await.map(drop)
    }
}

fn session_key(identity: &Identity) -> Key {
    key(format!("USER#{}", identity.user), format!("SESSION#{}", identity.session))
}
