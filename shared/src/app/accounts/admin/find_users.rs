//! People, as admins see them.

use std::fmt;
use std::str::FromStr;

use crate::app::{App, AppError};
use crate::domain::email_address::EmailAddress;
use crate::domain::username::Username;
use crate::ids::UserId;
use crate::store::{Accounts, User, Users};

/// How many numbers are looked at in one request to the table.
const AT_ONCE: u64 = 100;
/// How many such requests make one page: guests who have gone leave gaps, which may be wide.
const MAX_READS: usize = 10;

/// Whom an admin looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserSearch {
    /// Everybody, by ascending number.
    All,
    /// Those whose usernames begin so, in alphabetical order.
    Username(String),
    /// The one who has this address.
    Email(String),
}

/// Where a page ends, and the next one begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserCursor {
    /// After this number.
    Id(u64),
    /// After this name.
    Username(Username),
}

impl fmt::Display for UserCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "i{id}"),
            Self::Username(username) => write!(f, "u{}", username.folded()),
        }
    }
}

impl FromStr for UserCursor {
    type Err = AppError;

    fn from_str(text: &str) -> Result<Self, AppError> {
        let id = text.strip_prefix('i').and_then(|id| id.parse().ok()).map(Self::Id);
        let name = || text.strip_prefix('u').and_then(|name| Username::parse(name).ok()).map(Self::Username);
        id.or_else(name).ok_or(WRONG_CURSOR)
    }
}

const WRONG_CURSOR: AppError =
    AppError::InvalidInput { field: "cursor", why: "This is no cursor of this call." };

/// Some people. A page may be short, even empty, and still have a next one.
#[derive(Debug)]
pub struct UserPage {
    /// The people.
    pub users: Vec<User>,
    /// Where the next page begins; none at the end.
    pub next: Option<UserCursor>,
}

/// One person.
pub async fn user(app: &App, id: UserId) -> Result<User, AppError> {
    Users(&*app.ports.table).get(id).await?.ok_or(AppError::NotFound)
}

/// So many people.
pub async fn find_users(
    app: &App,
    search: &UserSearch,
    after: Option<UserCursor>,
    limit: usize,
) -> Result<UserPage, AppError> {
    match (search, after) {
        (UserSearch::All, None) => by_number(app, 0, limit).await,
        (UserSearch::All, Some(UserCursor::Id(after))) => by_number(app, after, limit).await,
        (UserSearch::Username(beginning), None) => by_username(app, beginning, None, limit).await,
        (UserSearch::Username(beginning), Some(UserCursor::Username(after)))
            if after.folded().starts_with(&beginning.to_ascii_lowercase()) =>
        {
            by_username(app, beginning, Some(&after), limit).await
        }
        (UserSearch::Email(address), None) => by_email(app, address).await,
        _ => Err(WRONG_CURSOR),
    }
}

/// Numbers are dense, so that ranges of them find everybody: no index has to be kept, which each guest would pay for.
async fn by_number(app: &App, after: u64, limit: usize) -> Result<UserPage, AppError> {
    let people = Users(&*app.ports.table);
    let last = people.last_id().await?;
    let (mut users, mut seen) = (Vec::new(), after.min(last));
    for _ in 0..MAX_READS {
        if users.len() >= limit || seen >= last {
            break;
        }
        let end = last.min(seen.saturating_add(AT_ONCE));
        users.extend(people.among(seen + 1..=end).await?);
        seen = end;
    }
    if users.len() > limit {
        users.truncate(limit);
        seen = users.last().map_or(seen, |user| user.id.0);
    }
    Ok(UserPage { users, next: (seen < last).then_some(UserCursor::Id(seen)) })
}

async fn by_username(
    app: &App,
    beginning: &str,
    after: Option<&Username>,
    limit: usize,
) -> Result<UserPage, AppError> {
    let invalid = |why| AppError::InvalidInput { field: "username", why };
    let beginning = Username::beginning(beginning).map_err(invalid)?;
    let accounts = Accounts(&*app.ports.table);
    let (rows, is_more) = accounts.beginning_after(beginning, after, limit).await?;
    let next = rows.last().filter(|_| is_more).map(|row| UserCursor::Username(row.username.clone()));
    let ids: Vec<UserId> = rows.iter().map(|row| row.id).collect();
    let users = Users(&*app.ports.table).of(&ids).await?;
    Ok(UserPage { users, next })
}

async fn by_email(app: &App, address: &str) -> Result<UserPage, AppError> {
    let invalid = |why| AppError::InvalidInput { field: "email", why };
    let address = EmailAddress::parse(address).map_err(invalid)?;
    let owner = Accounts(&*app.ports.table).with_email(&address).await?;
    let users = match owner {
        Some(id) => Users(&*app.ports.table).get(id).await?.into_iter().collect(),
        None => Vec::new(),
    };
    Ok(UserPage { users, next: None })
}
