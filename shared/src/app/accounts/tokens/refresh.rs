//! A refresh token is exchanged for new tokens.

use crate::app::accounts::signing_in::sign_in::{ACCESS_TOKEN_LIFE, SignIn};
use crate::app::accounts::tokens::authenticate::{live_session, session_life};
use crate::app::{App, AppError, access_token, end_session};
use crate::domain::refresh_chain::{Exchange, Exchanged};
use crate::domain::token::{OpaqueToken, TokenKind};
use crate::store::{Sessions, Users};

/// How often somebody who was overtaken looks again.
const ATTEMPTS: usize = 3;

/// New tokens for a refresh token, which is exchanged once: again within half a minute, as after a lost answer, it gives
/// the same ones; after that it has been stolen by somebody, and the session ends.
pub async fn refresh(app: &App, text: &str) -> Result<SignIn, AppError> {
    let token = OpaqueToken::parse(TokenKind::Refresh, text).ok_or(AppError::Unauthenticated)?;
    for _ in 0..ATTEMPTS {
        let (session, now) = (live_session(app, &token.identity).await?, app.ports.clock.now());
        match session.refresh.exchange(&token, now) {
            Exchange::Rotate(chain, exchanged) => {
                let expires_at = now.as_secs() + session_life(session.is_guest);
                let sign_in = hand_out(app, exchanged).await?;
                if Sessions(&*app.ports.table).rotate(&session, &chain, expires_at).await? {
                    return Ok(sign_in);
                }
            }
            Exchange::Repeat(exchanged) => return hand_out(app, exchanged).await,
            Exchange::Reused => {
                tracing::warn!(user = %session.user, "a refresh token was used twice; its session ends");
                end_session(app, &token.identity).await?;
                return Err(AppError::SessionEnded);
            }
            Exchange::Foreign => return Err(AppError::Unauthenticated),
        }
    }
    Err(AppError::Busy)
}

async fn hand_out(app: &App, exchanged: Exchanged) -> Result<SignIn, AppError> {
    let Exchanged { refresh_token, session_token, issued_at } = exchanged;
    let identity = &session_token.identity;
    let user = Users(&*app.ports.table).get(identity.user).await?.ok_or(AppError::SessionEnded)?;
    if user.is_disabled {
        return Err(AppError::AccountDisabled);
    }
    let access_token = access_token::issue(app, identity, issued_at, ACCESS_TOKEN_LIFE).await?;
    Ok(SignIn { user, access_token, session_token, refresh_token })
}
