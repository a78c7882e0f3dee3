//! Counts the people in a room: for the list of public rooms, and because large rooms are not told of every arrival.

use std::time::Duration;

use super::arrivals::{self, participants_event};
use super::tell::{Actor, announce_to_room};
use crate::app::{App, AppError};
use crate::ids::RoomCode;
use crate::ports::Job;
use crate::protocol::Event;
use crate::store::{Census, PublicRooms, Room, Rooms};

/// With more people present than this, who is there is told from time to time instead of everybody's coming and going.
const CROWD: usize = 200;
/// How long after somebody came or went a listed room is counted: figures are at most ten seconds old.
const LISTED_AFTER: Duration = Duration::from_secs(5);
/// The pause between two times at which a crowd is told who is there.
const CROWD_AFTER: Duration = Duration::from_secs(10);

/// Whether so many people are a crowd.
pub(super) fn is_crowd(present: usize) -> bool {
    present > CROWD
}

/// Somebody came or went, which makes so many people: has the room counted soon, if anybody is told of that. A count that
/// doesn't come about is made up for by the next one.
pub(super) async fn count_soon(app: &App, room: &Room, present: usize) {
    if !room.is_listed() && !is_crowd(present) {
        return;
    }
    let after = if is_crowd(present) { CROWD_AFTER } else { LISTED_AFTER };
    if let Err(error) = plan(app, room, after).await {
        tracing::warn!(room = %room.code, %error, "a room is not counted");
    }
}

async fn plan(app: &App, room: &Room, after: Duration) -> Result<(), AppError> {
    let now = app.ports.clock.now();
    if Census(&*app.ports.table).claim(&room.code, now, now.plus(after)).await? {
        app.ports.jobs.enqueue(vec![(Job::CountPresent { room: room.code.clone() }, after)]).await?;
    }
    Ok(())
}

/// Counts a room: the public list shows the figure, and a crowd is told who is there.
pub(in crate::app) async fn count_present(app: &App, code: &RoomCode) -> Result<(), AppError> {
    let table = &*app.ports.table;
    let Some(room) = Rooms(table).get(code).await?.filter(Room::is_active) else { return Ok(()) };
    let present = arrivals::count_present(app, &room).await?;
    if room.is_listed() {
        PublicRooms(table).store_count(&room.code, u64::try_from(present).unwrap_or(u64::MAX)).await?;
    }
    if is_crowd(present) {
        let participants = participants_event(app, &room).await?;
        announce_to_room(app, &room, &Event::Participants(participants), &Actor::default()).await;
    }
    Ok(())
}
