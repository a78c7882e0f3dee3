//! A guest comes in: a person and a session that go after a day unused.

use crate::app::accounts::signing_in::sign_in::{SignIn, sign_in};
use crate::app::accounts::tokens::authenticate::session_life;
use crate::app::{App, AppError};
use crate::domain::display_name::display_name;
use crate::store::{User, Users};

/// Makes a guest of that name and signs them in.
pub async fn sign_in_guest(app: &App, name: &str) -> Result<SignIn, AppError> {
    let display_name =
        display_name(name).map_err(|why| AppError::InvalidInput { field: "display_name", why })?;
    let now = app.ports.clock.now();
    let id = Users(&*app.ports.table).next_id().await?;
    let expires_at = Some(now.as_secs() + session_life(true));
    let user = User { is_guest: true, expires_at, ..User::new(id, display_name, now) };
    let addition = Users::addition(&user)?;
    sign_in(app, user, vec![addition]).await
}
