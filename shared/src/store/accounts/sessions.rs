//! Sign-ins. A token names its session; ending the session ends the token.

use serde::{Deserialize, Serialize};

use crate::domain::refresh_chain::RefreshChain;
use crate::domain::token::TokenHash;
use crate::ids::{SessionId, UserId};
use crate::ports::{
    Change, Comparison, Condition, Consistency, Direction, EXPIRES_AT, Identity, Item, Key, Partition, Query,
    SortRange, Table, TableError, Write,
};
use crate::store::accounts::users::Users;
use crate::store::record::{from_item, key, refused, to_item};

const SESSION: &str = "SESSION#";
const REFRESH_HASH: &str = "refresh_hash";
/// How many sessions are read at a time.
const PAGE: usize = 100;

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
    /// What its refresh tokens are known by.
    #[serde(flatten)]
    pub refresh: RefreshChain,
    /// When it began, in microseconds since 1970.
    pub created_at: i64,
    /// When it ends if nobody uses it, in whole seconds since 1970.
    pub expires_at: i64,
}

impl Session {
    /// The name that tokens call it by.
    pub fn identity(&self) -> Identity {
        Identity { user: self.user, session: self.id.clone() }
    }
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
        Ok(Write::Put(to_item(session_key(&session.identity()), session)?, Condition::Absent))
    }

    /// Lets a session live until then, in whole seconds since 1970, and its guest with it. It is no error if it ended.
    pub async fn extend(&self, session: &Session, expires_at: i64) -> Result<(), TableError> {
        let changes = vec![Change::Set(EXPIRES_AT.to_owned(), expires_at.into())];
        let mut writes = vec![Write::Update(session_key(&session.identity()), changes, Condition::Exists)];
        writes.extend(session.is_guest.then(|| Users::extension(session.user, expires_at)));
        match self.0.transact(writes).await {
            Err(TableError::ConditionFailed(_) | TableError::Conflict) => Ok(()),
            other => other,
        }
    }

    /// Lets another refresh token take the place of the newest one, and the session live on; tells whether nobody else did
    /// so before.
    pub async fn rotate(
        &self,
        session: &Session,
        refresh: &RefreshChain,
        expires_at: i64,
    ) -> Result<bool, TableError> {
        let rotated = Session { refresh: refresh.clone(), expires_at, ..session.clone() };
        let newest = session.refresh.refresh_hash.as_str();
        let is_newest = Condition::Compare(REFRESH_HASH.to_owned(), Comparison::Equal, newest.into());
        let mut writes = vec![Write::Put(to_item(session_key(&session.identity()), &rotated)?, is_newest)];
        writes.extend(session.is_guest.then(|| Users::extension(session.user, expires_at)));
        match refused(self.0.transact(writes).await) {
            Ok(refusals) => Ok(refusals.is_none()),
            Err(TableError::Conflict) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// The names of all sessions of a person, also of those that another version stored.
    pub async fn of(&self, user: UserId) -> Result<Vec<SessionId>, TableError> {
        let items = self.items(user).await?;
        let names = items.iter().filter_map(|item| item.key.sk.strip_prefix(SESSION));
        Ok(names.filter_map(|name| name.parse().ok()).collect())
    }

    /// All sessions of a person.
    pub async fn all(&self, user: UserId) -> Result<Vec<Session>, TableError> {
        self.items(user).await?.into_iter().map(from_item).collect()
    }

    async fn items(&self, user: UserId) -> Result<Vec<Item>, TableError> {
        let mut query = Query {
            partition: Partition::Table(format!("USER#{user}")),
            range: SortRange::Prefix(SESSION.to_owned()),
            direction: Direction::Forward,
            limit: PAGE,
            after: None,
            consistency: Consistency::Strong,
        };
        let mut items = Vec::new();
        loop {
            let page = self.0.query(&query).await?;
            items.extend(page.items);
            query.after = page.next;
            if query.after.is_none() {
                return Ok(items);
            }
        }
    }

    /// Ends a session. It need not be there.
    pub async fn end(&self, identity: &Identity) -> Result<(), TableError> {
        self.0.write(Write::Delete(session_key(identity), Condition::Always)).await.map(drop)
    }
}

fn session_key(identity: &Identity) -> Key {
    key(format!("USER#{}", identity.user), format!("{SESSION}{}", identity.session))
}
