//! Decides who may open a socket to which endpoint.

use crate::app::rooms::RoomRefusal;
use crate::app::{App, AppError};
use crate::domain::rooms::Status;
use crate::ids::{RoomCode, UserId};
use crate::ports::{Admission, Connection, Endpoint};
use crate::protocol::Close;
use crate::store::{Member, Members, Room, Rooms};

/// What lets a socket in.
pub(in crate::app) enum Access {
    /// Anybody may: it belongs to no room.
    Open,
    /// Its person is a member of that room.
    Room(Box<Room>, Box<Member>),
    /// It may not.
    Refused(Close),
}

/// Decides whether a socket may come in, in the order of the contract.
pub(in crate::app) async fn access(app: &App, connection: &Connection) -> Result<Access, AppError> {
    endpoint_access(app, connection.user(), &connection.endpoint).await
}

/// Tells somebody who is signed in why a handshake of theirs would be refused, if it would be: browsers can't read a
/// refused handshake.
pub async fn may_connect(app: &App, user: UserId, endpoint: &Endpoint) -> Result<(), AppError> {
    match endpoint_access(app, Some(user), endpoint).await? {
        Access::Refused(reason) => Err(RoomRefusal::from(reason).into()),
        Access::Open | Access::Room(..) => Ok(()),
    }
}

async fn endpoint_access(app: &App, user: Option<UserId>, endpoint: &Endpoint) -> Result<Access, AppError> {
    let (user, code) = match (endpoint, user) {
        (Endpoint::Feed, _) | (Endpoint::Inbox, Some(_)) => return Ok(Access::Open),
        (_, None) => return Ok(Access::Refused(Close::Unauthenticated)),
        (endpoint, Some(user)) => match endpoint.room() {
            Some(code) => (user, code),
            None => return Ok(Access::Open),
        },
    };
    room_access(app, user, code).await
}

/// The same for a room that an inbox wants to hear.
pub(in crate::app) async fn room_access(
    app: &App,
    user: UserId,
    code: &RoomCode,
) -> Result<Access, AppError> {
    let table = &*app.ports.table;
    let Some(room) = Rooms(table).get(code).await? else { return Ok(Access::Refused(Close::NoSuchRoom)) };
    let member = Members(table).get(code, user).await?;
    if member.as_ref().is_some_and(|member| member.status == Status::Banned) {
        return Ok(Access::Refused(Close::Banned));
    }
    if !room.is_active() {
        return Ok(Access::Refused(Close::RoomClosed));
    }
    match member.filter(Member::is_approved) {
        Some(member) => Ok(Access::Room(Box::new(room), Box::new(member))),
        None => Ok(Access::Refused(Close::NotApproved)),
    }
}

/// What lets a member's sockets into the group of their room.
pub(in crate::app) fn admission(room: &Room, member: &Member) -> Admission {
    Admission { name: member.name.clone(), guard: Members::is_approved(&room.code, member.user) }
}
