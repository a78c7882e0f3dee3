//! The first admin, and others.

use super::Console;
use crate::app::AppError;
use crate::domain::display_name::display_name;
use crate::domain::email_address::EmailAddress;
use crate::domain::secret::Secret;
use crate::domain::username::Username;
use crate::ids::UserId;
use crate::protocol::Role;
use crate::store::{Accounts, Addition, AdminChange, Admins, AuditAction, NameTaken, Secrets, User, Users};

/// What an admin is called who is given no name.
const DISPLAY_NAME: &str = "Admin";

/// The account of a new admin.
#[derive(Debug, Clone)]
pub struct NewAdmin {
    /// The address to sign in by. Who makes the account vouches for it.
    pub email: String,
    /// The name to sign in by, if there is to be one.
    pub username: Option<String>,
    /// The name that others see; without one, `Admin`.
    pub display_name: Option<String>,
}

/// What became of somebody who was to be an admin.
#[derive(Debug, PartialEq, Eq)]
pub enum Promotion {
    /// They are one now.
    Done(User),
    /// They were one already.
    AlreadyAdmin(User),
}

impl Console {
    /// Who has an address, if anybody has.
    pub async fn owner_of(&self, email: &str) -> Result<Option<User>, AppError> {
        match Accounts(&*self.table).with_email(&address(email)?).await? {
            Some(id) => Ok(Users(&*self.table).get(id).await?),
            None => Ok(None),
        }
    }

    /// Makes an account that is an admin's from the beginning.
    pub async fn create_admin(&self, admin: &NewAdmin, password: &Secret) -> Result<User, AppError> {
        let user = self.new_user(admin)?;
        self.refuse_taken(&user).await?;
        self.secret_work.check("password", password, &user.known()).await?;
        let password = self.secret_work.hash(password, self.random.bytes()).await?;
        let secrets = Secrets { password: Some(password), phrase: None, revision: 0 };
        let user = User { id: Users(&*self.table).next_id().await?, ..user };
        let note = self.noted(AuditAction::AdminCreated, Some(user.id))?;
        match Accounts(&*self.table).add_with(&user, &secrets, vec![note]).await? {
            Addition::Done => Ok(user),
            Addition::Taken(name) => Err(name.into()),
        }
    }

    /// All but the number, which is given once everything else is known to be good.
    fn new_user(&self, admin: &NewAdmin) -> Result<User, AppError> {
        let invalid = |field| move |why| AppError::InvalidInput { field, why };
        let username = admin.username.as_deref().map(Username::parse).transpose();
        let shown = admin.display_name.as_deref().unwrap_or(DISPLAY_NAME);
        let display_name = display_name(shown).map_err(invalid("display_name"))?;
        Ok(User {
            username: username.map_err(invalid("username"))?,
            email: Some(address(&admin.email)?),
            is_email_verified: true,
            role: Role::Admin,
            ..User::new(UserId(0), display_name, self.clock.now())
        })
    }

    /// Makes somebody an admin who has an account; names and secrets stay theirs.
    pub async fn promote(&self, email: &str) -> Result<Promotion, AppError> {
        let before = self.owner_of(email).await?.ok_or(AppError::NotFound)?;
        if before.is_disabled {
            return Err(AppError::AccountDisabled);
        }
        if before.role == Role::Admin {
            return Ok(Promotion::AlreadyAdmin(before));
        }
        let after = User { role: Role::Admin, ..before.clone() };
        let note = self.noted(AuditAction::AdminGranted, Some(after.id))?;
        match Admins(&*self.table).change(None, &before, &after, vec![note]).await? {
            AdminChange::Done(stored) => Ok(Promotion::Done(*stored)),
            AdminChange::Overtaken | AdminChange::LastAdmin | AdminChange::ByNoAdmin => Err(AppError::Busy),
        }
    }

    /// Refuses what [`create_admin`](Self::create_admin) would refuse for its names, before anybody types a password.
    pub async fn check_names(&self, admin: &NewAdmin) -> Result<(), AppError> {
        self.refuse_taken(&self.new_user(admin)?).await
    }

    async fn refuse_taken(&self, user: &User) -> Result<(), AppError> {
        let accounts = Accounts(&*self.table);
        match (&user.username, &user.email) {
            (Some(name), _) if accounts.named(name).await?.is_some() => Err(NameTaken::Username.into()),
            (_, Some(email)) if accounts.with_email(email).await?.is_some() => Err(NameTaken::Email.into()),
            _ => Ok(()),
        }
    }
}

fn address(text: &str) -> Result<EmailAddress, AppError> {
    EmailAddress::parse(text).map_err(|why| AppError::InvalidInput { field: "email", why })
}
