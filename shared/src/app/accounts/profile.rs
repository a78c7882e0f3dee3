//! The signed-in person: seen, changed, gone.

use std::time::Duration;

use crate::app::accounts::end_session::end_sessions_but;
use crate::app::accounts::picture::{self, PictureChange};
use crate::app::accounts::secrets::mail_link::request_verification_of_new;
use crate::app::accounts::secrets::notify_owner::address_changed;
use crate::app::accounts::signing_in::sign_in_account::{Proof, prove};
use crate::app::media::erase_media::erase_media;
use crate::app::{App, AppError, end_all_sessions};
use crate::domain::display_name::display_name;
use crate::domain::email_address::EmailAddress;
use crate::domain::username::Username;
use crate::ids::UserId;
use crate::ports::{Identity, Job};
use crate::protocol::Role;
use crate::store::{AccountChange, Accounts, Admins, Blocks, NameTaken, PersonRow, User, Users};

/// What somebody wants changed about themselves; the rest stays.
#[derive(Debug, Default)]
pub struct ProfileChange {
    /// The name that others see.
    pub display_name: Option<String>,
    /// The name to sign in by.
    pub username: Option<String>,
    /// The e-mail address; an empty one takes it away.
    pub email: Option<String>,
    /// Their picture.
    pub picture: PictureChange,
    /// What an account's owner knows: for changes of the address, by which forgotten secrets are replaced.
    pub proof: Proof,
}

/// The person behind a session, as they are now.
pub async fn profile(app: &App, user: UserId) -> Result<User, AppError> {
    Users(&*app.ports.table).get(user).await?.ok_or(AppError::SessionEnded)
}

/// Changes what somebody asked for: all of it or nothing. A new address waits until it is confirmed.
pub async fn change_profile(app: &App, user: UserId, change: ProfileChange) -> Result<User, AppError> {
    let before = profile(app, user).await?;
    let mut after = changed(&before, &change)?;
    if addresses(&after) != addresses(&before) {
        prove(app, user, &change.proof).await?;
        refuse_taken(app, &after).await?;
    }
    match change.picture {
        PictureChange::Keep => {}
        PictureChange::Remove => after.picture = None,
        PictureChange::Replace(picture) => after.picture = Some(picture::store(app, picture).await?),
    }
    if after == before {
        return Ok(before);
    }
    let stored = replace(app, &before, &after).await?;
    address_changed(app, &before, &stored).await;
    if (&stored.display_name, &stored.picture) != (&before.display_name, &before.picture) {
        update_in_rooms_later(app, user).await;
    }
    if stored.pending_email != before.pending_email {
        request_verification_of_new(app, &stored).await;
    }
    Ok(stored)
}

fn addresses(user: &User) -> (Option<&EmailAddress>, Option<&EmailAddress>) {
    (user.email.as_ref(), user.pending_email.as_ref())
}

/// Whoever could never confirm an address is told so at once; what counts is the condition of that write.
async fn refuse_taken(app: &App, after: &User) -> Result<(), AppError> {
    let Some(email) = &after.pending_email else { return Ok(()) };
    match Accounts(&*app.ports.table).with_email(email).await? {
        Some(owner) if owner != after.id => Err(NameTaken::Email.into()),
        _ => Ok(()),
    }
}

/// Who sees that it failed can't do it again, since nothing would differ any more: so it is logged, and not told.
pub(in crate::app) async fn update_in_rooms_later(app: &App, user: UserId) {
    let job = Job::UpdateInRooms { user };
    if let Err(error) = app.ports.jobs.enqueue(vec![(job, Duration::ZERO)]).await {
        tracing::warn!(%user, %error, "rooms show somebody as they were before");
    }
}

/// Writes a changed person. Of two pictures, the one that surely is theirs no more goes.
async fn replace(app: &App, before: &User, after: &User) -> Result<User, AppError> {
    let changed = Accounts(&*app.ports.table).change(before, after).await;
    let gone = match &changed {
        Ok(AccountChange::Done(_)) => before.picture.as_ref(),
        Ok(AccountChange::Taken(_) | AccountChange::Overtaken) => after.picture.as_ref(),
        Err(error) => after.picture.as_ref().filter(|_| picture::is_refused(error)),
    };
    picture::discard(app, gone.filter(|_| before.picture != after.picture)).await;
    match changed? {
        AccountChange::Done(stored) => Ok(*stored),
        AccountChange::Taken(name) => Err(name.into()),
        AccountChange::Overtaken => Err(AppError::Busy),
    }
}

fn changed(before: &User, change: &ProfileChange) -> Result<User, AppError> {
    let invalid = |field| move |why| AppError::InvalidInput { field, why };
    let mut after = before.clone();
    if let Some(text) = &change.display_name {
        after.display_name = display_name(text).map_err(invalid("display_name"))?;
    }
    if before.is_guest && (change.username.is_some() || change.email.is_some()) {
        return Err(AppError::Forbidden("Guests have neither a username nor an e-mail address: register."));
    }
    // A guest goes by itself, and would leave it behind.
    if before.is_guest && !matches!(change.picture, PictureChange::Keep) {
        return Err(AppError::Forbidden("Guests have no picture: register."));
    }
    if let Some(text) = &change.username {
        after.username = Some(Username::parse(text).map_err(invalid("username"))?);
    }
    if let Some(text) = &change.email {
        let address = Some(text).filter(|text| !text.trim().is_empty());
        let address = address.map(|text| EmailAddress::parse(text)).transpose();
        want_email(&mut after, address.map_err(invalid("email"))?);
    }
    Ok(after)
}

/// No address is none at once; another one waits beside the present one, which may be spelled anew.
fn want_email(user: &mut User, wanted: Option<EmailAddress>) {
    let is_same = wanted.as_ref().map(EmailAddress::folded) == user.email.as_ref().map(EmailAddress::folded);
    user.is_email_verified &= is_same || wanted.is_some();
    if is_same || wanted.is_none() {
        (user.email, user.pending_email) = (wanted, None);
    } else {
        user.pending_email = wanted;
    }
}

/// Takes a person away, and all that is known of them; their names are free again. What broke off half-way is finished by
/// asking again.
pub async fn delete_profile(app: &App, identity: &Identity) -> Result<(), AppError> {
    let users = Users(&*app.ports.table);
    if let Some(user) = users.get(identity.user).await? {
        refuse_last_admin(app, &user).await?;
        // While this fails nothing else has happened.
        end_sessions_but(app, user.id, Some(&identity.session)).await?;
        erase_media(app, user.id).await?;
        // Whoever asks again still knows which it is.
        if let Some(picture) = &user.picture {
            app.ports.media.delete(picture).await?;
        }
        if !Accounts(&*app.ports.table).remove(&user).await? {
            return Err(AppError::Busy);
        }
    }
    let erasure = Job::EraseFromRooms { user: identity.user };
    app.ports.jobs.enqueue(vec![(erasure, Duration::ZERO)]).await?;
    // Their own session, and whatever began while this went on.
    end_all_sessions(app, identity.user).await?;
    erase_media(app, identity.user).await?;
    Ok(users.sweep(identity.user).await?)
}

/// What counts is the condition of the write; this says why, before any session has ended.
async fn refuse_last_admin(app: &App, user: &User) -> Result<(), AppError> {
    if user.role == Role::Admin && Admins(&*app.ports.table).count().await? <= 1 {
        return Err(AppError::Conflict("You are the last admin: make somebody else an admin first."));
    }
    Ok(())
}

/// The people whose usernames begin so, the one who is called just so first, without those who have blocked who asks; and after
/// which name the next page begins.
pub async fn find_people(
    app: &App,
    user: UserId,
    beginning: &str,
    after: Option<&Username>,
    limit: usize,
) -> Result<(Vec<PersonRow>, Option<Username>), AppError> {
    let invalid = |why| AppError::InvalidInput { field: "username", why };
    let beginning = Username::beginning(beginning).map_err(invalid)?;
    let table = &*app.ports.table;
    let (mut found, more) = Accounts(table).beginning_after(beginning, after, limit).await?;
    let next = found.last().filter(|_| more).map(|row| row.username.clone());
    let ids: Vec<UserId> = found.iter().map(|row| row.id).collect();
    let hidden = Blocks(table).by(&ids, user).await?;
    found.retain(|row| !hidden.contains(&row.id));
    Ok((found, next))
}
