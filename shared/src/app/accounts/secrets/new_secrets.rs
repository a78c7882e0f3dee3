//! Secrets that somebody has chosen.

use crate::app::{App, AppError};
use crate::domain::secret::Secret;
use crate::store::Secrets;

/// Refuses secrets that are easy to guess, and none at all.
pub(in crate::app) async fn check(
    app: &App,
    known: &[String],
    password: Option<&Secret>,
    phrase: Option<&Secret>,
) -> Result<(), AppError> {
    if password.is_none() && phrase.is_none() {
        return Err(AppError::InvalidInput { field: "password", why: "Choose a password or a phrase." });
    }
    for (field, secret) in [("password", password), ("phrase", phrase)] {
        if let Some(secret) = secret {
            app.secret_work.check(field, secret, known).await?;
        }
    }
    Ok(())
}

/// What is to be stored of them.
pub(in crate::app) async fn hash(
    app: &App,
    password: Option<&Secret>,
    phrase: Option<&Secret>,
) -> Result<Secrets, AppError> {
    let hash = async |secret: Option<&Secret>| match secret {
        Some(secret) => app.secret_work.hash(secret, app.ports.random.bytes()).await.map(Some),
        None => Ok(None),
    };
    Ok(Secrets { password: hash(password).await?, phrase: hash(phrase).await?, revision: 0 })
}
