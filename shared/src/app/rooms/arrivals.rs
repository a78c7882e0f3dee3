//! Lets members in and out of a room, and tells the room who arrives and who leaves.

mod crowd_lists;

use std::collections::BTreeMap;
use std::time::Duration;

pub(in crate::app) use self::crowd_lists::CrowdLists;
use super::census;
use super::shown::{person, shown_role};
use super::tell::{Actor, announce_to_room, here, tell_person};
use crate::app::webhooks::tell_webhooks;
use crate::app::{App, AppError};
use crate::domain::rooms::{RoomRole, Status};
use crate::domain::webhooks::Happening;
use crate::ids::{RoomCode, UserId};
use crate::ports::{Absence, Group, Job};
use crate::protocol::{
    Close, Dialect, ErrorCode, ErrorEvent, Event, HostChanged, JoinNotice, MemberUpdated, Passage,
    RetentionBody, RoomChanges, RoomDeleted, RoomParticipants, RoomUpdated, Timestamp,
};
use crate::store::{Member, Members, Room, Rooms};

/// When it is looked whether the sockets of somebody who is put out are gone: mostly they are. No function that puts them
/// out lives so long.
const PUT_OUT_AFTER: Duration = Duration::from_secs(30);
/// Up to how many co-hosts are told of an applicant.
const CO_HOSTS_TOLD: usize = 100;

/// A new member begins with nothing unread.
pub(super) async fn let_in(app: &App, room: &Room, member: &Member) -> Result<(), AppError> {
    let head = app.ports.log.head(&room.code).await?;
    let members = Members(&*app.ports.table);
    members.mark_read(&room.code, member, head).await?;
    tell_webhooks(app, room, Happening::Approved { user: member.user }).await;
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

/// Sees to it that somebody who is about to be no member has no sockets in a room in a moment, whoever dies until then.
pub(super) async fn put_out_soon(app: &App, code: &RoomCode, user: UserId) -> Result<(), AppError> {
    let job = Job::PutOut { room: code.clone(), user };
    Ok(app.ports.jobs.enqueue(vec![(job, PUT_OUT_AFTER)]).await?)
}

/// The same now. The job.
pub(in crate::app) async fn put_out_strangers(
    app: &App,
    code: &RoomCode,
    user: UserId,
) -> Result<(), AppError> {
    let table = &*app.ports.table;
    let Some(room) = Rooms(table).get(code).await? else { return Ok(()) };
    let is_in = Members(table).get(code, user).await?.is_some_and(|member| member.is_approved());
    if is_in { Ok(()) } else { put_out(app, &room, user).await }
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
    let present = count_present(app, room).await.unwrap_or(0);
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

pub(in crate::app) fn notice(room: &Room, member: &Member) -> JoinNotice {
    JoinNotice { user: member.name.clone(), user_id: member.user, place: here(room) }
}

/// Tells host and co-hosts that somebody asks to come in.
pub(super) async fn tell_applied(app: &App, room: &Room, member: &Member) -> Result<(), AppError> {
    let event = Event::JoinRequested(notice(room, member));
    tell_webhooks(app, room, Happening::Applied { user: member.user }).await;
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
    announce_to_room(app, room, &Event::MemberUpdated(updated(app, room, member)), &Actor::default()).await;
    Ok(())
}

/// What others see of a member.
pub(in crate::app) fn updated(app: &App, room: &Room, member: &Member) -> MemberUpdated {
    let shown = person(app.settings(), room, member);
    MemberUpdated {
        user_id: member.user,
        user: shown.display_name,
        photo: shown.photo,
        role: shown_role(room, member),
        is_cohost: shown.is_cohost,
        muted_until: member.muted_until.map(Timestamp::from_micros),
        place: here(room),
    }
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
    let event =
        RoomUpdated { changes: shown_settings(room).since(&shown_settings(before)), place: here(room) };
    announce_to_room(app, room, &Event::RoomUpdated(event), &Actor::default()).await;
    Ok(())
}

/// A room's settings as they are shown.
pub(in crate::app) fn shown_settings(room: &Room) -> RoomChanges {
    let retention = room.retention;
    RoomChanges {
        name: Some(room.name.clone()),
        description: Some(room.description.clone()),
        is_private: Some(room.is_private),
        entry_mode: Some(room.entry_mode.name()),
        is_chat_enabled: Some(room.is_chat_enabled),
        is_locked: Some(room.is_locked),
        capacity: Some(room.capacity),
        slow_mode_seconds: Some(room.slow_mode_seconds),
        retention: Some(retention.map(|kept| RetentionBody { days: kept.days, messages: kept.messages })),
        who_may_queue: Some(room.who_may_queue.name()),
        ready_gate: Some(room.ready_gate),
        loop_queue: Some(room.loop_queue),
        webhooks: Some(room.webhooks),
        video_provider: None,
        video_id: None,
    }
}

/// Who is in a room by a socket, in the order in which they came.
pub(in crate::app) async fn present(app: &App, room: &Room) -> Result<Vec<UserId>, AppError> {
    let present = app.ports.groups.present(&Group::Room(room.code.clone()), None).await?;
    Ok(present.into_iter().map(|present| present.user).collect())
}

/// How many people are in a room by a socket.
pub(in crate::app) async fn count_present(app: &App, room: &Room) -> Result<usize, AppError> {
    Ok(app.ports.groups.count_present(&Group::Room(room.code.clone())).await?)
}

/// Who is there, as far as it fits a frame; in a crowd, the list may be one that was made within the last second.
pub(in crate::app) async fn participants_event(app: &App, room: &Room) -> Result<RoomParticipants, AppError> {
    let now = app.ports.clock.now();
    if let Some(list) = app.crowd_lists.fresh(&room.code, room.host, now) {
        let count = count_present(app, room).await?;
        if census::is_crowd(count) {
            return Ok(RoomParticipants { count, ..(*list).clone() });
        }
    }
    let list = list_participants(app, room).await?;
    if census::is_crowd(list.count) {
        app.crowd_lists.keep(&room.code, list.clone(), now);
    }
    Ok(list)
}

async fn list_participants(app: &App, room: &Room) -> Result<RoomParticipants, AppError> {
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
    let rows: BTreeMap<UserId, &Member> = rows.iter().map(|row| (row.user, row)).collect();
    let row = |user: UserId| rows.get(&user).copied();
    let people =
        shown.iter().filter_map(|user| row(*user)).map(|row| person(app.settings(), room, row)).collect();
    let host = room
        .host
        .and_then(row)
        .map(|row| crate::protocol::NamedPerson { id: row.user, name: row.name.clone() });
    Ok(RoomParticipants::fitting(here(room), host, people, present.len()))
}
