//! Who is host: passing the role on, co-hosts, and the succession when a host leaves.

use std::time::Duration;

use super::standing::{Standing, Target};
use super::{RoomRefusal, arrivals, note, standing, target};
use crate::app::{App, AppError};
use crate::domain::rooms::{Act, RoomRole, Status};
use crate::ids::{RoomCode, UserId};
use crate::ports::Job;
use crate::store::{Member, Members, Membership, Moved, Room, RoomDeed};

/// How often it is tried anew because something changed meanwhile.
const TRIES: u32 = 8;
/// How long after a hand-over it is looked whether the new host is there.
pub(in crate::app) const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// When it is looked once more, for a hand-over that took so long that the first look came before it.
const LOOK_AT_LAST: Duration = Duration::from_secs(30);
/// Among how many members a successor is looked for if none of those present can be one.
const MOST: usize = 1000;

/// What somebody is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appointment {
    /// Host and owner, in the place of who was.
    Host,
    /// A co-host.
    CoHost,
    /// A co-host no more.
    Member,
}

/// Makes somebody host, co-host or member. What is so already stays so.
pub async fn appoint(
    app: &App,
    actor: UserId,
    code: &RoomCode,
    user: UserId,
    appointment: Appointment,
) -> Result<(), AppError> {
    for _ in 0..TRIES {
        let standing = standing(app, actor, code).await?;
        let target = target(app, &standing.room, user).await?;
        let done = match appointment {
            Appointment::Host => pass_on(app, &standing, &target).await?,
            Appointment::CoHost => {
                set_role(app, &standing, &target, Act::MakeCoHost, RoomRole::CoHost).await?
            }
            Appointment::Member => {
                set_role(app, &standing, &target, Act::RemoveCoHost, RoomRole::Member).await?
            }
        };
        if done == Moved::Yes {
            return Ok(());
        }
    }
    Err(AppError::Busy)
}

async fn set_role(
    app: &App,
    standing: &Standing,
    target: &Target,
    act: Act,
    role: RoomRole,
) -> Result<Moved, AppError> {
    standing.insist_on_over(act, target)?;
    let member = target.member_who_is_in()?;
    let changed = Members(&*app.ports.table).set_role(&standing.room.code, member, role).await?;
    let Some(member) = changed else { return Ok(Moved::Meanwhile) };
    let deed = if role == RoomRole::CoHost { RoomDeed::CoHostMade } else { RoomDeed::CoHostRemoved };
    arrivals::tell_updated(app, &standing.room, &member).await?;
    note(app, &standing.room.code, deed, Some(standing.user.id), Some(target.user), "").await?;
    Ok(Moved::Yes)
}

async fn pass_on(app: &App, standing: &Standing, target: &Target) -> Result<Moved, AppError> {
    standing.insist_on(Act::PassOn)?;
    let room = &standing.room;
    if room.owner == Some(target.user) && room.host == Some(target.user) {
        return Ok(Moved::Yes);
    }
    let member = target.member_who_is_in()?;
    let after = Room {
        owner: Some(member.user),
        host: Some(member.user),
        absence: None,
        stands_in: None,
        ..room.clone()
    };
    make_host(app, room, after, member, Some(standing.user.id)).await
}

/// Lets somebody else be host and owner in the place of a host who leaves: co-hosts first, then members, guests last, and
/// who is present before who isn't.
pub(super) async fn hand_over(app: &App, room: &Room, leaving: UserId) -> Result<(), AppError> {
    let successor = successor(app, room, leaving).await?.ok_or(RoomRefusal::HostIsAlone)?;
    // An acting host who goes hands back nothing that was theirs.
    let owner = if room.owner == Some(leaving) { Some(successor.user) } else { room.owner };
    let stands_in = Some(successor.role).filter(|_| owner != Some(successor.user));
    let after = Room { owner, host: Some(successor.user), absence: None, stands_in, ..room.clone() };
    make_host(app, room, after, &successor, None).await.map(drop)
}

/// Makes a member the host in the place of another one, and tells the room. Who only stood in is again what they were before,
/// any other former host a co-host.
pub(in crate::app) async fn make_host(
    app: &App,
    room: &Room,
    after: Room,
    to: &Member,
    actor: Option<UserId>,
) -> Result<Moved, AppError> {
    let role = room.stands_in.unwrap_or(RoomRole::CoHost);
    let former = room.host.map(|host| (host, role));
    let former_is_in = match former {
        Some((host, _)) => {
            Members(&*app.ports.table).get(&room.code, host).await?.is_some_and(|m| m.is_approved())
        }
        None => false,
    };
    let former = former.filter(|_| former_is_in);
    // Whoever becomes host is treated as if they had just left: they may have, or may never have come.
    let look = Job::LookForHost { room: room.code.clone() };
    app.ports.jobs.enqueue(vec![(look.clone(), LOOK_AGAIN), (look, LOOK_AT_LAST)]).await?;
    let moved = Membership(&*app.ports.table).pass_host(room, &after, to, former).await?;
    if moved == Moved::Yes {
        arrivals::tell_host_changed(app, &after, to).await?;
        note(app, &room.code, RoomDeed::HostChanged, actor, Some(to.user), "").await?;
    }
    Ok(moved)
}

/// Who would be host next, if there is anybody.
pub(super) async fn successor(app: &App, room: &Room, leaving: UserId) -> Result<Option<Member>, AppError> {
    if let Some(present) = candidates(app, room, leaving).await?.into_iter().next() {
        return Ok(Some(present));
    }
    let mut absent = Members(&*app.ports.table).all(&room.code, Status::Approved, MOST).await?;
    absent.retain(|member| member.user != leaving);
    absent.sort_by_key(|member| (member.is_guest, member.role != RoomRole::CoHost, member.since));
    Ok(absent.into_iter().next())
}

/// Who of those present could be host next: co-hosts first, then members, guests last, the longest present first.
pub(in crate::app) async fn candidates(
    app: &App,
    room: &Room,
    leaving: UserId,
) -> Result<Vec<Member>, AppError> {
    let present = arrivals::present(app, room).await?;
    let mut candidates = Members(&*app.ports.table).of(&room.code, &present).await?;
    candidates.retain(|member| member.is_approved() && member.user != leaving);
    let place = |member: &Member| present.iter().position(|user| *user == member.user);
    candidates.sort_by_key(|member| (member.is_guest, member.role != RoomRole::CoHost, place(member)));
    Ok(candidates)
}
