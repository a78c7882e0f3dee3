//! Erases a deleted account from all rooms: only its number is left.

use std::time::Duration;

use super::{TRIES, rooms_of};
use crate::app::rooms::arrivals::{close_all, put_out, tell_room_updated, tell_updated};
use crate::app::rooms::hosts::{hand_over, successor};
use crate::app::watch::erase_choices;
use crate::app::{App, AppError};
use crate::domain::rooms::{RoomKind, default_room_name};
use crate::ids::{EventId, RoomCode, UserId};
use crate::ports::Job;
use crate::store::{Changed, Member, Members, Membership, Moved, PersonRooms, Room, RoomState, Rooms, Users};

/// Erases somebody who is gone from all their rooms. Rooms of theirs pass to whoever would be host next; where nobody else
/// is in, they close. The job.
pub(in crate::app) async fn erase_from_rooms(app: &App, user: UserId) -> Result<(), AppError> {
    let table = &*app.ports.table;
    if Users(table).get(user).await?.is_some() {
        return Ok(());
    }
    for code in rooms_of(app, user).await? {
        erase_in(app, user, &code).await?;
        erase_choices(app, user, &code).await?;
        let words = Job::EraseWords { user, room: code.clone(), after: EventId::default() };
        app.ports.jobs.enqueue(vec![(words, Duration::ZERO)]).await?;
        // From here on nobody knows that they were in there: what is left to do is in the queue.
        PersonRooms(table).forget(user, &code).await?;
    }
    Ok(())
}

async fn erase_in(app: &App, user: UserId, code: &RoomCode) -> Result<(), AppError> {
    let table = &*app.ports.table;
    for _ in 0..TRIES {
        let room = Rooms(table).get(code).await?;
        let Some((room, member)) = room.zip(Members(table).get(code, user).await?) else { return Ok(()) };
        if let Some(change) = settled(app, &room, &member).await? {
            carry_out(app, &room, user, change).await?;
            continue;
        }
        if Membership(table).erase(&room, &member).await? == Moved::Yes {
            return erased(app, &room, user).await;
        }
    }
    Err(AppError::Busy)
}

/// What has to happen to a room before somebody of it is erased.
enum Change {
    /// Somebody else becomes host, and owner if that was theirs.
    HandOver,
    /// It becomes this.
    Into(Box<Room>),
}

/// What of a room still depends on the person; none if nothing does.
async fn settled(app: &App, room: &Room, member: &Member) -> Result<Option<Change>, AppError> {
    let user = member.user;
    let is_theirs = room.owner == Some(user) || room.host == Some(user);
    if room.is_active() && room.kind == RoomKind::Notes {
        return Ok(Some(Change::Into(Box::new(closed(room)))));
    }
    if is_theirs && room.is_active() && successor(app, room, user).await?.is_none() {
        return Ok(Some(Change::Into(Box::new(closed(room)))));
    }
    let is_named_after = !member.name.is_empty() && room.name == default_room_name(&member.name);
    if is_named_after {
        return Ok(Some(Change::Into(Box::new(Room { name: room.code.to_string(), ..room.clone() }))));
    }
    Ok(match room.host {
        Some(host) if host == user && room.is_active() => Some(Change::HandOver),
        host if is_theirs => {
            let host = host.filter(|host| *host != user);
            Some(Change::Into(Box::new(Room { owner: host, host, stands_in: None, ..room.clone() })))
        }
        _ => None,
    })
}

fn closed(room: &Room) -> Room {
    Room { state: RoomState::Closed, owner: None, host: None, absence: None, stands_in: None, ..room.clone() }
}

async fn carry_out(app: &App, room: &Room, user: UserId, change: Change) -> Result<(), AppError> {
    let after = match change {
        Change::HandOver => return hand_over(app, room, user).await,
        Change::Into(after) => *after,
    };
    let Changed::Yes(after) = Rooms(&*app.ports.table).replace(room, after).await? else { return Ok(()) };
    match (room.is_active(), after.is_active()) {
        (true, false) => close_all(app, &after).await,
        (true, true) if room.name != after.name => tell_room_updated(app, room, &after).await,
        _ => Ok(()),
    }
}

/// Takes their sockets out, and shows those who stay that they are gone.
async fn erased(app: &App, room: &Room, user: UserId) -> Result<(), AppError> {
    if !room.is_active() {
        return Ok(());
    }
    put_out(app, room, user).await?;
    let row = Members(&*app.ports.table).get(&room.code, user).await?;
    match row {
        Some(row) => tell_updated(app, room, &row).await,
        None => Ok(()),
    }
}
