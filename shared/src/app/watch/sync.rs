//! Compares a player's position with the room's, and corrects players that have drifted.

use std::time::Duration;

use futures_util::future::try_join3;

use crate::app::rooms::tell::here;
use crate::app::{App, AppError};
use crate::domain::watch::{Lag, PlayerPosition, correction, worth_noting};
use crate::ids::{ConnectionId, RoomCode, UserId};
use crate::protocol::{SyncCheck, SyncCorrection, Timestamp};
use crate::store::{Member, Members, Playbacks, Room, Rooms};

/// How often a player is answered; a little less than a second, since messages that are sent each second don't come so.
///
/// This is counted in each process, not in a row: to count a check would cost a write, the check itself costs three reads, and what
/// comes too often gets no `ERROR`, but is passed over. On AWS a socket that floods several workers is answered once a second by
/// each of them. What a check writes, the slowest viewer's latency, is bounded by the row: one in 20 s for a viewer.
pub(in crate::app) const SYNC_EVERY: Duration = Duration::from_millis(900);

/// What a player is to do to be where the room is; nothing if it is there. What comes too often is not looked at.
///
/// A client that knows our time shows by it how long its messages take: the slowest of them decides how far ahead commands
/// take effect.
pub(in crate::app) async fn sync_check(
    app: &App,
    user: UserId,
    connection: &ConnectionId,
    code: &RoomCode,
    check: SyncCheck,
    received_at: Timestamp,
) -> Result<Option<SyncCorrection>, AppError> {
    if !app.sync_pace.allows(connection, received_at) {
        return Ok(None);
    }
    let table = &*app.ports.table;
    let (playbacks, rooms, members) = (Playbacks(table), Rooms(table), Members(table));
    let read = try_join3(playbacks.get(code, received_at), rooms.get(code), members.get(code, user)).await?;
    let (stored, room, member) = read;
    let Some(room) = room.filter(Room::is_active) else { return Ok(None) };
    if !member.as_ref().is_some_and(Member::is_approved) {
        return Ok(None);
    }
    let lag = check.client_sent_at.and_then(|sent_at| Lag::measured(user, sent_at, received_at));
    if let Some(lag) = lag.filter(|lag| worth_noting(stored.slowest.as_ref(), lag)) {
        playbacks.note_slowest(code, &lag).await?;
    }
    let player = PlayerPosition { time: check.client_time, held_at: check.client_sent_at };
    let Some(found) = correction(&stored.state, player, received_at) else { return Ok(None) };
    let (rate, seconds) = found.drift.unzip();
    Ok(Some(SyncCorrection {
        time: found.time,
        is_playing: stored.state.is_playing,
        version: stored.state.version,
        server_time: received_at,
        rate,
        seconds,
        place: here(&room),
    }))
}
