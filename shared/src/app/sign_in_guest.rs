//! A guest comes in: a person and a session that go after a day unused.

use super::authenticate::GUEST_LIFE;
use super::{App, AppError, access_token};
use crate::domain::display_name::display_name;
use crate::domain::token::{OpaqueToken, TokenKind};
use crate::ids::SessionId;
use crate::ports::Identity;
use crate::store::{Session, Sessions, User, Users};

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

/// Makes a guest of that name and signs them in.
pub async fn sign_in_guest(app: &App, name: &str) -> Result<SignIn, AppError> {
    let display_name =
        display_name(name).map_err(|why| AppError::InvalidInput { field: "display_name", why })?;
    let table = &*app.ports.table;
    let now = app.ports.clock.now();
    let expires_at = now.as_secs() + GUEST_LIFE;
    let user = User {
        id: Users(table).next_id().await?,
        display_name,
        is_guest: true,
        created_at: now.as_micros(),
        expires_at: Some(expires_at),
    };
    let identity = Identity { user: user.id, session: SessionId::from_random(app.ports.random.bytes()) };
    let token = |kind| OpaqueToken::new(kind, identity.clone(), app.ports.random.bytes());
    let (session_token, refresh_token) = (token(TokenKind::Session), token(TokenKind::Refresh));
    let session = Session {
        user: user.id,
        id: identity.session.clone(),
        is_guest: true,
        token_hash: session_token.hash(),
        refresh_hash: refresh_token.hash(),
        created_at: now.as_micros(),
        expires_at,
    };
    table.transact(vec![Users::addition(&user)?, Sessions::beginning(&session)?]).await?;
    let access_token = access_token::issue(app, &identity, ACCESS_TOKEN_LIFE).await?;
    Ok(SignIn { user, access_token, session_token, refresh_token })
}
