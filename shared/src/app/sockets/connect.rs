//! Registers a new socket.

use std::time::Duration;

use super::access::{Access, access, admission};
use super::keep_alive::KEEP_ALIVE;
use crate::app::watch::host_absence;
use crate::app::{App, AppError};
use crate::ids::ConnectionId;
use crate::ports::{Connection, Endpoint, Group, Job, Joined};
use crate::protocol::Close;
use crate::store::{Member, Room};

/// What a handshake is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// The socket opens.
    Accepted,
    /// It does not; nothing is known of it.
    Refused(Close),
}

/// Makes a new socket known and sees to its greeting: it cannot be written to until its handshake has been answered.
///
/// Sockets for chat get their row at once, since their clients send as soon as the socket opens; those of watch rooms, and those
/// that resume, get it when they are greeted, before they are told what was before: so nothing that is new comes first.
pub async fn connect(app: &App, connection: &Connection) -> Result<Entry, AppError> {
    match access(app, connection).await? {
        Access::Refused(reason) => return Ok(Entry::Refused(reason)),
        Access::Open => {
            register(app, connection).await?;
            if let Some(group) = connection.home() {
                app.ports.groups.join(&group, connection, None).await?;
            }
        }
        Access::Room(room, member) => {
            register(app, connection).await?;
            if !is_entered_when_greeted(connection) && !enter(app, connection, &room, &member).await? {
                app.ports.connections.forget(&connection.id).await?;
                return Ok(Entry::Refused(Close::NotApproved));
            }
        }
    }
    let welcome = Job::Welcome { connection: connection.id.clone() };
    app.ports.jobs.enqueue(vec![(welcome, Duration::ZERO)]).await?;
    Ok(Entry::Accepted)
}

fn is_entered_when_greeted(connection: &Connection) -> bool {
    matches!(connection.endpoint, Endpoint::Watch(_)) || connection.since.is_some()
}

/// Makes a socket known. Its first sign of life is planned before it has any row: where this function dies half-way, no
/// socket opens, none closes, and that sign finds what is left.
async fn register(app: &App, connection: &Connection) -> Result<(), AppError> {
    app.ports.connections.register(connection).await?;
    if connection.endpoint == Endpoint::Feed {
        return Ok(());
    }
    let first = Job::KeepAlive { connection: connection.id.clone() };
    Ok(app.ports.jobs.enqueue(vec![(first, KEEP_ALIVE)]).await?)
}

/// Puts a socket into its room, and tells the room if by it somebody has come; tells whether it is in.
async fn enter(app: &App, connection: &Connection, room: &Room, member: &Member) -> Result<bool, AppError> {
    let turn = app.ports.turns.take(&room.code).await;
    // In one process, what was read before the turn began may have changed.
    let Access::Room(room, member) = super::access::room_access(app, member.user, &room.code).await? else {
        return Ok(false);
    };
    let group = Group::Room(room.code.clone());
    let joined = app.ports.groups.join(&group, connection, Some(&admission(&room, &member))).await?;
    drop(turn);
    if joined == Joined::Arrived {
        let told = Job::TellCome { room: room.code.clone(), user: member.user };
        app.ports.jobs.enqueue(vec![(told, Duration::ZERO)]).await?;
    }
    Ok(joined != Joined::Refused)
}

/// A socket has closed, or was found dead.
pub async fn disconnect(app: &App, id: &ConnectionId) -> Result<(), AppError> {
    match app.ports.connections.forget(id).await? {
        Some(connection) => host_absence::socket_left(app, &connection).await,
        None => Ok(()),
    }
}
