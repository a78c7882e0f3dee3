//! A socket opens.

use std::time::Duration;

use super::access::{Access, access, admission};
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
/// Sockets for chat get their row at once, since their clients send as soon as the socket opens; those of watch rooms get
/// it when they are greeted, before they are told what was before.
pub async fn connect(app: &App, connection: &Connection) -> Result<Entry, AppError> {
    match access(app, connection).await? {
        Access::Refused(reason) => return Ok(Entry::Refused(reason)),
        Access::Open => {
            app.ports.connections.register(connection).await?;
            if let Some(group) = connection.home() {
                app.ports.groups.join(&group, connection, None).await?;
            }
        }
        Access::Room(room, member) => {
            app.ports.connections.register(connection).await?;
            if !matches!(connection.endpoint, Endpoint::Watch(_))
                && !enter(app, connection, &room, &member).await?
            {
                app.ports.connections.forget(&connection.id).await?;
                return Ok(Entry::Refused(Close::NotApproved));
            }
        }
    }
    let welcome = Job::Welcome { connection: connection.id.clone() };
    app.ports.jobs.enqueue(vec![(welcome, Duration::ZERO)]).await?;
    Ok(Entry::Accepted)
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
