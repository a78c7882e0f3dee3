//! Who asks, in which room, and in which role there: read once at the beginning of a use case.

use futures_util::future::try_join3;

use super::RoomRefusal;
use super::entering::lobby;
use crate::app::{App, AppError, profile};
use crate::domain::rooms::{Act, Rank, Status, may};
use crate::ids::{RoomCode, UserId};
use crate::protocol::Role;
use crate::store::{Member, Members, Room, Rooms, User};

/// A person and the room that they ask about.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The person.
    pub user: User,
    /// The room, in use.
    pub room: Room,
    /// Their row there, whatever it says.
    pub member: Option<Member>,
}

impl Standing {
    /// What they are here, as far as rights go. Admins of this Parlor have the host's rights in every room but
    /// conversations.
    pub fn rank(&self) -> Rank {
        let role = self.member.as_ref().and_then(Member::role_if_in);
        match self.room.rank(self.user.id, role) {
            rank @ (Rank::Owner | Rank::ActingHost) => rank,
            _ if self.is_site_admin() => Rank::SiteAdmin,
            rank => rank,
        }
    }

    /// Where they stand, if anywhere.
    pub fn status(&self) -> Option<Status> {
        self.member.as_ref().map(|member| member.status)
    }

    /// Whether they are in.
    pub fn is_member(&self) -> bool {
        self.status() == Some(Status::Approved)
    }

    /// Their row, if they are in; else why they are turned away.
    pub fn insist_on_member(&self) -> Result<&Member, RoomRefusal> {
        match &self.member {
            Some(member) if member.is_approved() => Ok(member),
            Some(member) if member.status == Status::Banned => Err(RoomRefusal::Banned),
            _ => Err(RoomRefusal::NotApproved),
        }
    }

    /// Insists on a right that concerns nobody in particular.
    pub fn insist_on(&self, act: Act) -> Result<(), RoomRefusal> {
        let allowed = may(self.rank(), act, None);
        match allowed {
            Err(_) if self.rank() == Rank::Stranger => self.insist_on_member().map(drop),
            allowed => Ok(allowed?),
        }
    }

    /// Insists on a right over somebody.
    pub fn insist_on_over(&self, act: Act, target: &Target) -> Result<(), RoomRefusal> {
        self.insist_on(act)?;
        Ok(may(self.rank(), act, Some(self.rank_of(target)))?)
    }

    /// What somebody else is here.
    fn rank_of(&self, target: &Target) -> Rank {
        let role = target.member.as_ref().and_then(Member::role_if_in);
        self.room.rank(target.user, role)
    }

    fn is_site_admin(&self) -> bool {
        self.user.role == Role::Admin && !self.room.kind.is_conversation()
    }
}

/// Somebody to whom something is done.
#[derive(Debug, Clone)]
pub struct Target {
    /// Their number.
    pub user: UserId,
    /// Their row in the room, whatever it says.
    pub member: Option<Member>,
}

impl Target {
    /// Their row, if they are in the room.
    pub fn member_who_is_in(&self) -> Result<&Member, RoomRefusal> {
        self.member.as_ref().filter(|member| member.is_approved()).ok_or(RoomRefusal::NoSuchPerson)
    }
}

/// Somebody's standing in a room that is in use.
pub(in crate::app) async fn standing(app: &App, user: UserId, code: &RoomCode) -> Result<Standing, AppError> {
    let table = &*app.ports.table;
    let member = async { Ok(Members(table).get(code, user).await?) };
    let (user, room, member) = try_join3(profile(app, user), active_room(app, code), member).await?;
    Ok(Standing { user, room, member })
}

/// The room of that code, if it is in use.
pub(in crate::app) async fn active_room(app: &App, code: &RoomCode) -> Result<Room, AppError> {
    let room = match Rooms(&*app.ports.table).get(code).await? {
        Some(room) => room,
        None if lobby::is_lobby(code) => lobby::open_lobby(app).await?,
        None => return Err(RoomRefusal::NoSuchRoom.into()),
    };
    if room.is_active() { Ok(room) } else { Err(RoomRefusal::RoomClosed.into()) }
}

/// The row of somebody to whom something is to be done.
pub(in crate::app) async fn target(app: &App, room: &Room, user: UserId) -> Result<Target, AppError> {
    let member = Members(&*app.ports.table).get(&room.code, user).await?;
    Ok(Target { user, member })
}
