//! Who comes and goes is told to the room, and to the person.

use super::census;
use super::shown::{person, shown_role};
use super::tell::{Actor, announce_to_room, here, tell_person};
use crate::app::{App, AppError};
use crate::domain::rooms::{RoomRole, Status};
use crate::ids::{RoomCode, UserId};
use crate::ports::{Absence, Group};
use crate::protocol::{
    Close, Dialect, ErrorCode, ErrorEvent, Event, HostChanged, JoinNotice, MemberUpdated, Passage,
    RoomChanges, RoomDeleted, RoomParticipants, RoomUpdated, Timestamp,
};
use crate::store::{Member, Members, Room, Rooms};

/// Up to how many co-hosts are told of an applicant.
const CO_HOSTS_TOLD: usize = 100;

/// A new member begins with nothing unread.
pub(super) async fn let_in(app: &App, room: &Room, member: &Member) -> Result<(), AppError> {
    let head = app.ports.log.head(&room.code).await?;
    let members = Members(&*app.ports.table);
    members.mark_read(&room.code, member.user, head.id.0, head.messages).await?;
    Ok(())
}

/// Takes away whatever sockets somebody has in a room that they have left.
pub(super) async fn let_out(app: &App, room: &Room, user: UserId) -> Result<(), AppError> {
    put_out(app, room, user).await
}

/// Takes somebody's sockets out of a room and ends them; an inbox that had joined the room goes on without it. The room
/// hears at once that they have gone.
pub(super) async fn put_out(app: &App, room: &Room, user: UserId) -> Result<(), AppError> {
    let turn = app.ports.turns.take(&room.code).await;
    let group = Group::Room(room.code.clone());
    for socket in app.ports.groups.sockets(&group, Some(user)).await? {
        app.ports.groups.leave(&group, &socket).await?;
        if socket.endpoint.room().is_some() {
            app.ports.sender.close(&socket.id, Close::Removed).await?;
        } else {
            let error = ErrorEvent::unasked(ErrorCode::Removed).in_room(room.code.clone());
            if let Some(frame) = Event::Error(error).frame(Dialect::Inbox) {
                app.ports.sender.send(&socket.id, &frame).await?;
            }
        }
    }
    let gone = app.ports.groups.confirm_left(&group, user, None).await? == Absence::Left;
    drop(turn);
    if gone {
        tell_gone(app, room, user).await?;
    }
    Ok(())
}

/// Tells a room that somebody has come.
pub(in crate::app) async fn tell_come(app: &App, room: &Room, member: &Member) {
    let passage = Passage { user: member.name.clone(), user_id: member.user, place: here(room) };
    tell_passage(app, room, &Event::UserJoined(passage), member.user).await;
}

/// Tells that somebody came or went, unless that would be too much to tell in so large a crowd. It never fails: a greeting
/// that has said all else must not be repeated.
async fn tell_passage(app: &App, room: &Room, event: &Event, user: UserId) {
    // Where it can't be found out how many there are, they count as few.
    let present = present(app, room).await.map_or(0, |present| present.len());
    if !census::is_crowd(present) {
        announce_to_room(app, room, event, &Actor::person(user)).await;
    }
    census::count_soon(app, room, present).await;
}

/// The same by a job: for who came by a function that writes to no sockets.
pub(in crate::app) async fn tell_come_later(
    app: &App,
    code: &RoomCode,
    user: UserId,
) -> Result<(), AppError> {
    let table = &*app.ports.table;
    let Some(room) = Rooms(table).get(code).await?.filter(Room::is_active) else { return Ok(()) };
    let group = Group::Room(room.code.clone());
    let is_there = !app.ports.groups.present(&group, Some(user)).await?.is_empty();
    let member = Members(table).get(code, user).await?.filter(Member::is_approved);
    if let Some(member) = member.filter(|_| is_there) {
        tell_come(app, &room, &member).await;
    }
    Ok(())
}

/// Tells a room that somebody has gone.
pub(in crate::app) async fn tell_gone(app: &App, room: &Room, user: UserId) -> Result<(), AppError> {
    let member = Members(&*app.ports.table).get(&room.code, user).await?;
    let name = member.map(|member| member.name).filter(|name| !name.is_empty());
    let user_name = name.unwrap_or_else(|| super::shown::GONE.to_owned());
    let passage = Passage { user: user_name, user_id: user, place: here(room) };
    tell_passage(app, room, &Event::UserLeft(passage), user).await;
    Ok(())
}

/// Tells everybody that a room is closed, and ends their sockets in it.
pub(super) async fn close_all(app: &App, room: &Room) -> Result<(), AppError> {
    let _turn = app.ports.turns.take(&room.code).await;
    let group = Group::Room(room.code.clone());
    announce_to_room(app, room, &Event::RoomDeleted(RoomDeleted { place: here(room) }), &Actor::default())
        .await;
    for socket in app.ports.groups.sockets(&group, None).await? {
        app.ports.groups.leave(&group, &socket).await?;
        if socket.endpoint.room().is_some() {
            app.ports.sender.close(&socket.id, Close::RoomClosed).await?;
        }
    }
    Ok(())
}

fn notice(room: &Room, member: &Member) -> JoinNotice {
    JoinNotice { user: member.name.clone(), user_id: member.user, place: here(room) }
}

/// Tells host and co-hosts that somebody asks to come in.
pub(super) async fn tell_applied(app: &App, room: &Room, member: &Member) -> Result<(), AppError> {
    let event = Event::JoinRequested(notice(room, member));
    let members = Members(&*app.ports.table).all(&room.code, Status::Approved, usize::MAX).await?;
    let cohosts = members.iter().filter(|member| member.role == RoomRole::CoHost).take(CO_HOSTS_TOLD);
    let hosts = room.host.into_iter().chain(cohosts.map(|member| member.user));
    for host in hosts.collect::<std::collections::BTreeSet<_>>() {
        tell_person(app, host, &event).await?;
    }
    Ok(())
}

/// Tells somebody that they were let in.
pub(super) async fn tell_approved(app: &App, room: &Room, member: &Member) -> Result<(), AppError> {
    tell_person(app, member.user, &Event::JoinApproved(notice(room, member))).await
}

/// Tells somebody that they were turned away.
pub(super) async fn tell_denied(app: &App, room: &Room, member: &Member) -> Result<(), AppError> {
    tell_person(app, member.user, &Event::JoinDenied(notice(room, member))).await
}

/// Tells a room that a member's role, name or silence has changed.
pub(in crate::app) async fn tell_updated(app: &App, room: &Room, member: &Member) -> Result<(), AppError> {
    let shown = person(app.settings(), room, member);
    let event = MemberUpdated {
        user_id: member.user,
        user: shown.display_name,
        photo: shown.photo,
        role: shown_role(room, member),
        is_cohost: shown.is_cohost,
        muted_until: member.muted_until.map(Timestamp::from_micros),
        place: here(room),
    };
    announce_to_room(app, room, &Event::MemberUpdated(event), &Actor::default()).await;
    Ok(())
}

/// Tells a room who is host now, and who is there.
pub(in crate::app) async fn tell_host_changed(
    app: &App,
    room: &Room,
    member: &Member,
) -> Result<(), AppError> {
    let event = HostChanged { host: member.name.clone(), host_id: member.user, place: here(room) };
    announce_to_room(app, room, &Event::HostChanged(event), &Actor::default()).await;
    let participants = participants_event(app, room).await?;
    announce_to_room(app, room, &Event::Participants(participants), &Actor::default()).await;
    Ok(())
}

/// Tells a room what of its settings has changed.
pub(super) async fn tell_room_updated(app: &App, before: &Room, room: &Room) -> Result<(), AppError> {
    let event = RoomUpdated { changes: changes(before, room), place: here(room) };
    announce_to_room(app, room, &Event::RoomUpdated(event), &Actor::default()).await;
    Ok(())
}

fn changes(before: &Room, after: &Room) -> RoomChanges {
    fn new<T: PartialEq + Clone>(before: &T, after: &T) -> Option<T> {
        (before != after).then(|| after.clone())
    }
    RoomChanges {
        name: new(&before.name, &after.name),
        description: new(&before.description, &after.description),
        is_private: new(&before.is_private, &after.is_private),
        entry_mode: new(&before.entry_mode, &after.entry_mode).map(crate::domain::rooms::EntryMode::name),
        is_chat_enabled: new(&before.is_chat_enabled, &after.is_chat_enabled),
        is_locked: new(&before.is_locked, &after.is_locked),
        capacity: new(&before.capacity, &after.capacity),
        slow_mode_seconds: new(&before.slow_mode_seconds, &after.slow_mode_seconds),
        retention: new(&before.retention, &after.retention).map(|kept| {
            kept.map(|kept| crate::protocol::RetentionBody { days: kept.days, messages: kept.messages })
        }),
        who_may_queue: new(&before.who_may_queue, &after.who_may_queue)
            .map(crate::domain::rooms::WhoMayQueue::name),
        ready_gate: new(&before.ready_gate, &after.ready_gate),
        video_provider: None,
        video_id: None,
    }
}

/// Who is in a room by a socket, in the order in which they came.
pub(in crate::app) async fn present(app: &App, room: &Room) -> Result<Vec<UserId>, AppError> {
    let present = app.ports.groups.present(&Group::Room(room.code.clone()), None).await?;
    Ok(present.into_iter().map(|present| present.user).collect())
}

/// Who is there, as far as it fits a frame.
pub(in crate::app) async fn participants_event(app: &App, room: &Room) -> Result<RoomParticipants, AppError> {
    /// More people than fit a frame need not be read.
    const MOST: usize = 300;
    let present = present(app, room).await?;
    let shown = &present[..present.len().min(MOST)];
    let users: Vec<UserId> = shown
        .iter()
        .copied()
        .chain(room.host)
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    let rows = Members(&*app.ports.table).of(&room.code, &users).await?;
    let row = |user: UserId| rows.iter().find(|row| row.user == user);
    let people =
        shown.iter().filter_map(|user| row(*user)).map(|row| person(app.settings(), room, row)).collect();
    let host = room
        .host
        .and_then(row)
        .map(|row| crate::protocol::NamedPerson { id: row.user, name: row.name.clone() });
    Ok(RoomParticipants::fitting(here(room), host, people, present.len()))
}
