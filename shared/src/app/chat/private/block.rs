//! Blocking. Somebody who is blocked can neither write to the person nor begin a conversation with them, and is not told.

use crate::app::rooms::RoomRefusal;
use crate::app::{App, AppError, profile};
use crate::ids::UserId;
use crate::store::{Blocks, Pairs, Room, Rooms, User, Users};

/// How often it is tried anew because the two began a conversation meanwhile, or it has changed.
const TRIES: u32 = 8;

/// Somebody whom a person has blocked.
#[derive(Debug, Clone)]
pub struct Blocked {
    /// Who; none if they are gone for good.
    pub user: User,
    /// Since when, in microseconds since 1970.
    pub since: i64,
}

/// Blocks somebody. Their conversation of two says so, too, so that no message has to look for it.
pub async fn block(app: &App, user: UserId, other: UserId) -> Result<(), AppError> {
    let blocker = profile(app, user).await?;
    if user == other {
        return Err(AppError::Conflict("You can't block yourself."));
    }
    let table = &*app.ports.table;
    Users(table).get(other).await?.ok_or(RoomRefusal::NoSuchPerson)?;
    for _ in 0..TRIES {
        let pair = pair(app, user, other).await?;
        let after = pair.as_ref().map(|room| with(room, user, true));
        let pair = pair.as_ref().zip(after.as_ref());
        if Blocks(table).block(&blocker, other, pair, app.ports.clock.now()).await? {
            return Ok(());
        }
    }
    Err(AppError::Busy)
}

/// Lets somebody write again.
pub async fn unblock(app: &App, user: UserId, other: UserId) -> Result<(), AppError> {
    for _ in 0..TRIES {
        let pair = pair(app, user, other).await?;
        let after = pair.as_ref().map(|room| with(room, user, false));
        if Blocks(&*app.ports.table).unblock(user, other, pair.as_ref().zip(after.as_ref())).await? {
            return Ok(());
        }
    }
    Err(AppError::Busy)
}

/// A page of those whom a person has blocked, and after whom the next one begins. Who is gone for good is left out.
pub async fn blocked(
    app: &App,
    user: UserId,
    after: Option<UserId>,
    limit: usize,
) -> Result<(Vec<Blocked>, Option<UserId>), AppError> {
    let table = &*app.ports.table;
    let (blocks, next) = Blocks(table).page(user, after, limit).await?;
    let ids: Vec<UserId> = blocks.iter().map(|block| block.user).collect();
    let users = Users(table).of(&ids).await?;
    let since = |user: &User| blocks.iter().find(|block| block.user == user.id).map(|block| block.since);
    let shown = |user: User| since(&user).map(|since| Blocked { user, since });
    Ok((users.into_iter().filter_map(shown).collect(), next))
}

/// The conversation of two people, if they have one.
async fn pair(app: &App, user: UserId, other: UserId) -> Result<Option<Room>, AppError> {
    let table = &*app.ports.table;
    match Pairs(table).get(user, other).await? {
        Some(code) => Ok(Rooms(table).get(&code).await?),
        None => Ok(None),
    }
}

fn with(room: &Room, user: UserId, is_blocking: bool) -> Room {
    let mut room = room.clone();
    room.blocked_by.retain(|other| *other != user);
    room.blocked_by.extend(is_blocking.then_some(user));
    room
}
