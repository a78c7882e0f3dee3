//! Somebody changes what they sign in by.

use super::notify_owner::secrets_changed;
use crate::app::accounts::end_session::end_sessions_but;
use crate::app::accounts::signing_in::sign_in_account::{Proof, prove};
use crate::app::{App, AppError, new_secrets};
use crate::domain::secret::Secret;
use crate::ports::Identity;
use crate::store::{Accounts, Secrets};

/// What somebody wants to sign in by from now on; what is left out stays.
#[derive(Debug, Default)]
pub struct SecretChange {
    /// What they sign in by now.
    pub proof: Proof,
    /// The new password.
    pub password: Option<Secret>,
    /// The new phrase.
    pub phrase: Option<Secret>,
}

/// Changes the secrets of an account, and ends its other sessions: whoever else knew the old ones is out.
pub async fn change_secrets(app: &App, identity: &Identity, change: SecretChange) -> Result<(), AppError> {
    let SecretChange { proof, password, phrase } = change;
    let accounts = Accounts(&*app.ports.table);
    let (user, secrets) = prove(app, identity.user, &proof).await?;
    new_secrets::check(app, &user.known(), password.as_ref(), phrase.as_ref()).await?;
    let new = new_secrets::hash(app, password.as_ref(), phrase.as_ref()).await?;
    let new = Secrets {
        password: new.password.or_else(|| secrets.password.clone()),
        phrase: new.phrase.or_else(|| secrets.phrase.clone()),
        revision: secrets.revision + 1,
    };
    // While this fails nothing has changed; after the change it ends what began in between.
    end_sessions_but(app, user.id, Some(&identity.session)).await?;
    if !accounts.change_secrets(user.id, &secrets, &new).await? {
        return Err(AppError::Busy);
    }
    secrets_changed(app, user.id).await;
    end_sessions_but(app, user.id, Some(&identity.session)).await
}
