//! Begins a private conversation.

use std::collections::BTreeSet;

use crate::app::rooms::{NewRoom, RoomRefusal, blank_room};
use crate::app::{App, AppError, profile};
use crate::domain::rooms::{MAX_CONVERSATION, RoomKind, conversation_code, room_name};
use crate::ids::{RoomCode, UserId};
use crate::store::{Blocks, Created, Membership, Pairs, Room, Rooms, User, Users};

/// How often it is tried anew because a code was taken, or somebody else began the same conversation.
const TRIES: u32 = 20;

/// A conversation that somebody wanted.
#[derive(Debug, Clone)]
pub struct Started {
    /// Its room.
    pub room: Room,
    /// Whether it was not there before.
    pub is_new: bool,
}

/// Begins a conversation with these people. Two people always get the same one, and oneself one's notes; three or more
/// get a new one.
pub async fn start_conversation(
    app: &App,
    user: UserId,
    with: &[UserId],
    name: Option<&str>,
) -> Result<Started, AppError> {
    let starter = profile(app, user).await?;
    if starter.is_guest {
        return Err(RoomRefusal::GuestsMayNot.into());
    }
    let invalid = |field, why| AppError::InvalidInput { field, why };
    if with.is_empty() {
        return Err(invalid("participants", "Name at least one person."));
    }
    let others: BTreeSet<UserId> = with.iter().copied().filter(|other| *other != user).collect();
    if others.len() >= MAX_CONVERSATION {
        return Err(invalid("participants", "At most 50 people, oneself included."));
    }
    let name = room_name(name.unwrap_or_default()).map_err(|why| invalid("name", why))?;
    start(app, starter, &others.into_iter().collect::<Vec<_>>(), name).await
}

/// The conversation of somebody with one other person, begun if there is none yet.
pub(super) async fn pair_with(app: &App, user: UserId, other: UserId) -> Result<RoomCode, AppError> {
    if let Some(code) = Pairs(&*app.ports.table).get(user, other).await? {
        return Ok(code);
    }
    let started = if user == other {
        // Guests may write to themselves: nobody else hears of it.
        start(app, profile(app, user).await?, &[], String::new()).await?
    } else {
        start_conversation(app, user, &[other], None).await?
    };
    Ok(started.room.code)
}

async fn start(app: &App, starter: User, others: &[UserId], name: String) -> Result<Started, AppError> {
    let mut people = Users(&*app.ports.table).of(others).await?;
    if people.len() < others.len() {
        return Err(RoomRefusal::NoSuchPerson.into());
    }
    refuse_blocked(app, starter.id, others).await?;
    people.insert(0, starter);
    let people: Vec<&User> = people.iter().collect();
    for _ in 0..TRIES {
        if let Some(room) = existing(app, &people).await? {
            return Ok(Started { room, is_new: false });
        }
        let Some(code) = conversation_code(app.ports.random.bytes()) else { continue };
        let room = blank_conversation(app, code, &people, &name)?;
        match Membership(&*app.ports.table).create(&room, &people, app.ports.clock.now()).await? {
            Created::Yes => return Ok(Started { room, is_new: true }),
            Created::NoSuchPerson => return Err(RoomRefusal::NoSuchPerson.into()),
            Created::CodeTaken | Created::PairTaken => {}
        }
    }
    Err(AppError::Busy)
}

/// Who is blocked by one of them learns no more than of somebody unknown. Of two, neither may have blocked the other.
async fn refuse_blocked(app: &App, user: UserId, others: &[UserId]) -> Result<(), AppError> {
    let blocks = Blocks(&*app.ports.table);
    if !blocks.by(others, user).await?.is_empty() {
        return Err(RoomRefusal::NoSuchPerson.into());
    }
    let [other] = others else { return Ok(()) };
    if blocks.by(&[user], *other).await?.is_empty() {
        return Ok(());
    }
    Err(AppError::Conflict("You have blocked this person: unblock them first."))
}

/// What one or two people have already.
async fn existing(app: &App, people: &[&User]) -> Result<Option<Room>, AppError> {
    let (one, other) = match people {
        [one] => (one, one),
        [one, other] => (one, other),
        _ => return Ok(None),
    };
    let table = &*app.ports.table;
    match Pairs(table).get(one.id, other.id).await? {
        Some(code) => Ok(Rooms(table).get(&code).await?),
        None => Ok(None),
    }
}

fn blank_conversation(app: &App, code: RoomCode, people: &[&User], name: &str) -> Result<Room, AppError> {
    let starter = people.first().ok_or(RoomRefusal::NoSuchPerson)?;
    let private = NewRoom { is_private: true, ..NewRoom::default() };
    Ok(Room {
        code,
        kind: RoomKind::of_people(people.len()),
        name: name.to_owned(),
        owner: None,
        host: None,
        people: people.iter().map(|user| user.id).collect(),
        ..blank_room(app, starter, &private)?
    })
}
