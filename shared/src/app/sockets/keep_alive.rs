//! Sends a frame to signed-in sockets from time to time, which keeps them open and finds dead ones.

use std::time::Duration;

use super::access::{Access, access};
use super::welcome::say;
use crate::app::{App, AppError};
use crate::ids::ConnectionId;
use crate::ports::{Connection, Group, Job};
use crate::protocol::{Close, Event, Heartbeat};

/// How often a signed-in socket is told that it lives: API Gateway closes it after ten minutes without a message.
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(8 * 60);

/// Tells a socket that it lives, and what the newest event of its room is; nothing is done for one that is gone.
pub(in crate::app) async fn keep_alive(app: &App, id: &ConnectionId) -> Result<(), AppError> {
    let Some(connection) = app.ports.connections.find(id).await? else { return Ok(()) };
    if let Some(reason) = reason_to_end(app, &connection).await? {
        return Ok(app.ports.sender.close(id, reason).await?);
    }
    let last_id = match connection.endpoint.room() {
        Some(room) => Some(app.ports.log.head(room).await?.id),
        None => None,
    };
    let heartbeat = Heartbeat { server_time: app.ports.clock.now(), last_id };
    say(app, &connection, &Event::Heartbeat(heartbeat)).await?;
    if planted!(KeepAliveOnce) {
        return Ok(());
    }
    let next = Job::KeepAlive { connection: id.clone() };
    Ok(app.ports.jobs.enqueue(vec![(next, KEEP_ALIVE)]).await?)
}

/// Why a socket of a room should have been ended before. Whoever was to end it took it out of the room, or closed the room,
/// and may have died then.
async fn reason_to_end(app: &App, connection: &Connection) -> Result<Option<Close>, AppError> {
    let is_young = app.ports.clock.now().since(connection.connected_at) < KEEP_ALIVE / 2;
    if is_young || planted!(HalfPutOutStays) {
        // It may not have been greeted yet.
        return Ok(None);
    }
    match access(app, connection).await? {
        Access::Open => Ok(None),
        Access::Refused(reason) => Ok(Some(reason)),
        Access::Room(room, member) => {
            let group = Group::Room(room.code.clone());
            let sockets = app.ports.groups.sockets(&group, Some(member.user)).await?;
            let is_in = sockets.iter().any(|socket| socket.id == connection.id);
            Ok((!is_in).then_some(Close::Removed))
        }
    }
}
