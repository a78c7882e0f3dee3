//! Lists somebody's rooms and the public ones, and shows one in detail.

use super::standing::Standing;
use super::{RoomRefusal, arrivals, standing};
use crate::app::chat::advance_marks;
use crate::app::watch::current_item;
use crate::app::{App, AppError};
use crate::domain::rooms::{Act, Rank, Status};
use crate::ids::{RoomCode, UserId};
use crate::protocol::QueueItem;
use crate::store::{Member, MemberPage, Members, PersonRooms, PublicRooms, Room, Rooms};

/// In rooms of so many members at most it is told what each has read.
const TELLS_READ: u32 = 50;

/// A room and what one person is there.
#[derive(Debug, Clone)]
pub struct RoomDetails {
    /// The person's standing in it.
    pub standing: Standing,
    /// Its host's row.
    pub host: Option<Member>,
    /// How many members it has.
    pub members_count: u32,
    /// What is watched in it.
    pub item: Option<QueueItem>,
}

/// A room of the public list.
#[derive(Debug, Clone)]
pub struct ListedRoom {
    /// The room.
    pub room: Room,
    /// The name of its host there, if it has one.
    pub host: Option<String>,
    /// How many people are in it, as counted at most ten seconds ago.
    pub viewers: u64,
}

/// Some people of a room.
#[derive(Debug, Clone)]
pub struct Participants {
    /// The room.
    pub room: Room,
    /// Their rows.
    pub page: MemberPage,
    /// Who is there now, of all.
    pub present: Vec<UserId>,
    /// Whether it is told what each has read.
    pub tells_read: bool,
}

/// One's standing in a room of one's own list.
#[derive(Debug, Clone)]
pub struct OwnRoom {
    /// The room.
    pub room: Room,
    /// One's row in it.
    pub member: Member,
    /// Its host's row.
    pub host: Option<Member>,
}

/// A room in detail: for members and applicants; public rooms for everybody who is signed in.
pub async fn room_details(app: &App, user: UserId, code: &RoomCode) -> Result<RoomDetails, AppError> {
    let standing = standing(app, user, code).await?;
    let may_see = match standing.status() {
        Some(Status::Banned) => return Err(RoomRefusal::Banned.into()),
        Some(Status::Approved | Status::Pending) => true,
        _ => standing.rank() == Rank::SiteAdmin || !standing.room.is_private,
    };
    if !may_see {
        return Err(RoomRefusal::NotApproved.into());
    }
    details(app, standing).await
}

/// The details of a room for who is known to be entitled to them.
pub(in crate::app) async fn details(app: &App, standing: Standing) -> Result<RoomDetails, AppError> {
    let table = &*app.ports.table;
    let host = match standing.room.host {
        Some(host) => Members(table).get(&standing.room.code, host).await?,
        None => None,
    };
    let members_count = Rooms(table).members_count(&standing.room.code).await?;
    let item = match host {
        Some(_) => current_item(app, &standing.room).await?,
        // Nobody could have chosen anything.
        None => None,
    };
    Ok(RoomDetails { standing, host, members_count, item })
}

/// A page of the public list, and where the next one begins.
pub async fn public_rooms(
    app: &App,
    after: Option<&str>,
    limit: usize,
) -> Result<(Vec<ListedRoom>, Option<String>), AppError> {
    let table = &*app.ports.table;
    let page = PublicRooms(table).page(after, limit).await?;
    let codes: Vec<RoomCode> = page.rooms.iter().map(|listed| listed.code.clone()).collect();
    let rooms = Rooms(table).of(&codes).await?;
    let mut list = Vec::with_capacity(rooms.len());
    for listed in page.rooms {
        // The index may be a moment behind.
        let Some(room) = rooms.iter().find(|room| room.code == listed.code && room.is_listed()) else {
            continue;
        };
        let host = host_name(app, room).await?;
        list.push(ListedRoom { room: room.clone(), host, viewers: listed.viewers });
    }
    Ok((list, page.next))
}

async fn host_name(app: &App, room: &Room) -> Result<Option<String>, AppError> {
    let Some(host) = room.host else { return Ok(None) };
    let member = Members(&*app.ports.table).get(&room.code, host).await?;
    Ok(member.map(|member| member.name))
}

/// A page of one's own rooms, as a member or an applicant, and where the next one begins.
pub async fn own_rooms(
    app: &App,
    user: UserId,
    after: Option<&RoomCode>,
    limit: usize,
    wants: impl Fn(&Room) -> bool,
) -> Result<(Vec<OwnRoom>, Option<RoomCode>), AppError> {
    let table = &*app.ports.table;
    let (entries, next) = PersonRooms(table).page(user, after, limit).await?;
    let entries =
        entries.into_iter().filter(|entry| matches!(entry.status, Status::Approved | Status::Pending));
    let codes: Vec<RoomCode> = entries.map(|entry| entry.code).collect();
    let mut own = Vec::with_capacity(codes.len());
    for room in Rooms(table).of(&codes).await? {
        if !room.is_active() || !wants(&room) {
            continue;
        }
        let people: Vec<UserId> = std::iter::once(user)
            .chain(room.host)
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect();
        let rows = Members(table).of(&room.code, &people).await?;
        let row = |user| rows.iter().find(|row| row.user == user).cloned();
        if let Some(member) = row(user) {
            let host = room.host.and_then(row);
            own.push(OwnRoom { room, member, host });
        }
    }
    own.sort_by_key(|own| own.room.code.folded());
    Ok((own, next))
}

/// Members of a room, a page of them, and who is present.
pub async fn participants(
    app: &App,
    user: UserId,
    code: &RoomCode,
    status: Status,
    after: Option<UserId>,
    limit: usize,
) -> Result<Participants, AppError> {
    let standing = standing(app, user, code).await?;
    match status {
        Status::Approved if standing.rank() == Rank::SiteAdmin => {}
        Status::Approved => drop(standing.insist_on_member()?),
        _ => standing.insist_on(Act::SeeApplicants)?,
    }
    let mut page = Members(&*app.ports.table).page(code, after, limit).await?;
    page.members.retain(|member| member.status == status);
    let present = arrivals::present(app, &standing.room).await?;
    let members_count = Rooms(&*app.ports.table).members_count(code).await?;
    let tells_read = members_count <= TELLS_READ && status == Status::Approved;
    if tells_read {
        advance_marks(app, code, &mut page.members).await?;
    }
    Ok(Participants { room: standing.room, page, present, tells_read })
}
