//! Where somebody is signed in, for them to see and to end.

use super::end_session::end_session;
use crate::app::accounts::tokens::authenticate::session_life;
use crate::app::{App, AppError};
use crate::ids::SessionId;
use crate::ports::Identity;
use crate::protocol::Timestamp;
use crate::store::{Session, Sessions};

/// One of somebody's sign-ins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSession {
    /// Which one.
    pub id: SessionId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was used last, to within a day; a guest's to within an hour.
    pub used_at: Timestamp,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

/// Somebody's sign-ins, the newest first.
pub async fn own_sessions(app: &App, identity: &Identity) -> Result<Vec<OwnSession>, AppError> {
    let mut sessions = Sessions(&*app.ports.table).all(identity.user).await?;
    sessions.sort_by_key(|session| std::cmp::Reverse(session.created_at));
    Ok(sessions.iter().map(|session| own(session, identity)).collect())
}

fn own(session: &Session, identity: &Identity) -> OwnSession {
    let created_at = Timestamp::from_micros(session.created_at);
    let used_at = Timestamp::from_secs(session.expires_at - session_life(session.is_guest));
    OwnSession {
        id: session.id.clone(),
        created_at,
        // The end of a session is kept in whole seconds.
        used_at: used_at.max(created_at),
        is_current: session.id == identity.session,
    }
}

/// Ends one of somebody's own sign-ins.
pub async fn end_own_session(app: &App, identity: &Identity, id: SessionId) -> Result<(), AppError> {
    let ended = Identity { user: identity.user, session: id };
    Sessions(&*app.ports.table).get(&ended).await?.ok_or(AppError::NotFound)?;
    end_session(app, &ended).await
}
