//! The one place where a session begins, whichever way somebody came.

use crate::app::accounts::tokens::authenticate::session_life;
use crate::app::{App, AppError, access_token};
use crate::domain::refresh_chain::RefreshChain;
use crate::domain::token::{OpaqueToken, TokenKind};
use crate::ids::SessionId;
use crate::ports::{Identity, TableError, Write};
use crate::store::{Session, Sessions, User};

/// How long an access token is good, in seconds.
pub const ACCESS_TOKEN_LIFE: i64 = 24 * 3600;

/// What a sign-in hands out.
#[derive(Debug)]
pub struct SignIn {
    /// Who signed in.
    pub user: User,
    /// A JWT, good for [`ACCESS_TOKEN_LIFE`].
    pub access_token: String,
    /// Stands for the person as long as the session lives.
    pub session_token: OpaqueToken,
    /// Is exchanged for new tokens.
    pub refresh_token: OpaqueToken,
}

/// Begins a session for somebody whose right to it is proven, if these other writes go through with it.
pub(in crate::app) async fn sign_in(app: &App, user: User, with: Vec<Write>) -> Result<SignIn, AppError> {
    let now = app.ports.clock.now();
    let identity = Identity { user: user.id, session: SessionId::from_random(app.ports.random.bytes()) };
    let token = |kind| OpaqueToken::new(kind, identity.clone(), app.ports.random.bytes());
    let (session_token, refresh_token) = (token(TokenKind::Session), token(TokenKind::Refresh));
    let session = Session {
        user: user.id,
        id: identity.session.clone(),
        is_guest: user.is_guest,
        token_hash: session_token.hash(),
        refresh: RefreshChain::new(app.ports.random.bytes(), &session_token, &refresh_token, now),
        created_at: now.as_micros(),
        expires_at: now.as_secs() + session_life(user.is_guest),
    };
    let mut writes = with;
    writes.push(Sessions::beginning(&session)?);
    match app.ports.table.transact(writes).await {
        // What the sign-in was granted on is no longer so.
        Err(TableError::ConditionFailed(_)) => return Err(AppError::WrongCredentials),
        done => done?,
    }
    let access_token = access_token::issue(app, &identity, now, ACCESS_TOKEN_LIFE).await?;
    Ok(SignIn { user, access_token, session_token, refresh_token })
}
