//! `local-dev admin create`.

use parlor::app::console::{NewAdmin, Promotion};
use parlor::store::User;

use super::console::OpenConsole;
use super::{CommandError, password};
use crate::options::CreateAdmin;

/// Makes an account for an admin, or an admin of somebody who has one. What can be refused at once is, before anybody types a
/// password.
pub(super) async fn create(open: &OpenConsole, wanted: &CreateAdmin) -> Result<String, CommandError> {
    if let Some(user) = open.console.owner_of(&wanted.email).await? {
        return if wanted.promote {
            refuse_unconfirmed(&user, wanted)?;
            promote(open, wanted).await
        } else {
            Err(CommandError::HasAccount(user.id.0))
        };
    }
    let admin = NewAdmin {
        email: wanted.email.clone(),
        username: wanted.username.clone(),
        display_name: wanted.display_name.clone(),
    };
    open.console.check_names(&admin).await?;
    let password = password::read(wanted.password_stdin)?;
    let user = open.console.create_admin(&admin, &password).await?;
    Ok(format!("User {}, {}, is an admin, in {}.\n", user.id, user.display_name, open.place()))
}

/// Whoever takes an address first has it until its owner shows up: the wrong person would become an admin.
fn refuse_unconfirmed(user: &User, wanted: &CreateAdmin) -> Result<(), CommandError> {
    if user.is_email_verified || wanted.unconfirmed {
        return Ok(());
    }
    Err(CommandError::Unconfirmed(user.id.0, user.display_name.clone()))
}

async fn promote(open: &OpenConsole, wanted: &CreateAdmin) -> Result<String, CommandError> {
    let (user, now) = match open.console.promote(&wanted.email).await? {
        Promotion::Done(user) => (user, "now"),
        Promotion::AlreadyAdmin(user) => (user, "already"),
    };
    Ok(format!("User {}, {}, is an admin {now}, in {}.\n", user.id, user.display_name, open.place()))
}
