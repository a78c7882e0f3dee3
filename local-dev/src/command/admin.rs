//! `local-dev admin create`.

use parlor::app::console::{NewAdmin, Promotion};

use super::console::OpenConsole;
use super::{CommandError, password};
use crate::options::CreateAdmin;

/// Makes an account for an admin, or an admin of somebody who has one. What can be refused at once is, before anybody types a
/// password.
pub(super) async fn create(open: &OpenConsole, wanted: &CreateAdmin) -> Result<String, CommandError> {
    if let Some(user) = open.console.owner_of(&wanted.email).await? {
        return if wanted.promote {
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

async fn promote(open: &OpenConsole, wanted: &CreateAdmin) -> Result<String, CommandError> {
    let (user, now) = match open.console.promote(&wanted.email).await? {
        Promotion::Done(user) => (user, "now"),
        Promotion::AlreadyAdmin(user) => (user, "already"),
    };
    let mut said =
        format!("User {}, {}, is an admin {now}, in {}.\n", user.id, user.display_name, open.place());
    if !user.is_email_verified {
        said += "Nobody has shown yet that the address is theirs: make sure that it is the right person's account.\n";
    }
    Ok(said)
}
