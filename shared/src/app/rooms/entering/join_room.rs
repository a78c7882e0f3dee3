//! Joins a room, or asks to.

use crate::app::rooms::standing::Standing;
use crate::app::rooms::{RoomRefusal, arrivals, standing};
use crate::app::{App, AppError, limits};
use crate::domain::rooms::{
    EntryFacts, EntryMode, EntryRefused, EntryVerdict, InvitationToken, RoomRole, Status, decide_entry,
};
use crate::domain::secret::Secret;
use crate::domain::token::TokenHash;
use crate::ids::{RoomCode, UserId};
use crate::store::{Invitation, Invitations, Joining, Member, Members, Membership, NewMember, Room, Rooms};

/// How often a decision is taken anew because something changed meanwhile.
const TRIES: u32 = 8;

/// What somebody brings along.
#[derive(Clone, Default)]
pub struct EntryPass {
    /// A password.
    pub password: Option<String>,
    /// The token of an invitation.
    pub invitation: Option<String>,
}

/// Shows no secret.
impl std::fmt::Debug for EntryPass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EntryPass(..)")
    }
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Joined {
    /// The room.
    pub room: Room,
    /// Where the person stands now: in, or waiting.
    pub status: Status,
    /// Whether they are its host.
    pub is_host: bool,
}

/// Lets somebody into a room, or notes that they ask. Whoever is in already, or waits already, stays so.
pub async fn join_room(
    app: &App,
    user: UserId,
    code: Option<&RoomCode>,
    entry: &EntryPass,
) -> Result<Joined, AppError> {
    for _ in 0..TRIES {
        // Anew each time: others may have used it meanwhile.
        let Brought { invitation, is_spent } = brought(app, entry.invitation.as_deref()).await?;
        let code = invitation.as_ref().map(|invitation| &invitation.room).or(code);
        let missing = || match is_spent {
            true => RoomRefusal::InvitationExpired.into(),
            false => AppError::InvalidInput { field: "code", why: "Which room?" },
        };
        let standing = standing(app, user, code.ok_or_else(missing)?).await?;
        if is_spent {
            return already_in(standing);
        }
        if standing.room.kind.is_conversation() && !standing.is_member() {
            return Err(RoomRefusal::NoSuchRoom.into());
        }
        match verdict(app, &standing, invitation.as_ref(), entry.password.as_deref()).await? {
            EntryVerdict::Already(status) => return Ok(joined(standing, status)),
            EntryVerdict::Admit => {
                if let Some(joined) = admit(app, &standing, invitation.as_ref()).await? {
                    return Ok(joined);
                }
            }
            EntryVerdict::Wait => {
                if let Some(joined) = wait(app, &standing).await? {
                    return Ok(joined);
                }
            }
        }
    }
    Err(AppError::Busy)
}

/// Whoever has used an invitation may use it again: they are in, or wait. For others it is spent.
fn already_in(standing: Standing) -> Result<Joined, AppError> {
    match standing.member.as_ref().map(|member| member.status) {
        Some(status @ (Status::Approved | Status::Pending)) => Ok(joined(standing, status)),
        _ => Err(RoomRefusal::InvitationExpired.into()),
    }
}

fn joined(standing: Standing, status: Status) -> Joined {
    let is_host = standing.room.host == Some(standing.user.id);
    Joined { room: standing.room, status, is_host }
}

async fn admit(
    app: &App,
    standing: &Standing,
    invitation: Option<&Invitation>,
) -> Result<Option<Joined>, AppError> {
    let Some(member) = stand(app, standing, Status::Approved, invitation).await? else { return Ok(None) };
    arrivals::let_in(app, &standing.room, &member).await?;
    Ok(Some(joined(standing.clone(), Status::Approved)))
}

async fn wait(app: &App, standing: &Standing) -> Result<Option<Joined>, AppError> {
    let Some(member) = stand(app, standing, Status::Pending, None).await? else { return Ok(None) };
    arrivals::tell_applied(app, &standing.room, &member).await?;
    Ok(Some(joined(standing.clone(), Status::Pending)))
}

/// Writes where somebody stands now; none if something has changed meanwhile.
async fn stand(
    app: &App,
    standing: &Standing,
    status: Status,
    invitation: Option<&Invitation>,
) -> Result<Option<Member>, AppError> {
    let is_owner = standing.room.owner == Some(standing.user.id);
    let role = if is_owner && standing.room.host == Some(standing.user.id) {
        RoomRole::Host
    } else {
        RoomRole::Member
    };
    let new = NewMember { user: &standing.user, status, role, before: standing.member.as_ref(), invitation };
    match Membership(&*app.ports.table).join(&standing.room, &new, app.ports.clock.now()).await? {
        Joining::Done(member) => Ok(Some(*member)),
        Joining::Meanwhile => Ok(None),
        Joining::NoSuchPerson => Err(AppError::SessionEnded),
    }
}

async fn verdict(
    app: &App,
    standing: &Standing,
    invitation: Option<&Invitation>,
    password: Option<&str>,
) -> Result<EntryVerdict, AppError> {
    let room = &standing.room;
    let mut facts = EntryFacts {
        entry_mode: room.entry_mode,
        is_locked: room.is_locked,
        capacity: room.capacity,
        members: if room.capacity.is_some() { members(app, room).await? } else { 0 },
        standing: standing.member.as_ref().map(Member::standing),
        is_invited: invitation.is_some(),
        password: None,
    };
    let now = app.ports.clock.now();
    let verdict = decide_entry(&facts, now);
    if verdict != Err(EntryRefused::PasswordRequired) || password.is_none() {
        return Ok(verdict.map_err(RoomRefusal::from)?);
    }
    // The password is looked at last, and only where it decides.
    facts.password = Some(is_right(app, standing, password).await?);
    Ok(decide_entry(&facts, now).map_err(RoomRefusal::from)?)
}

/// Guests go without a word: before somebody is turned away from a full room, its members are counted anew.
pub(in crate::app::rooms) async fn members(app: &App, room: &Room) -> Result<u32, AppError> {
    let rooms = Rooms(&*app.ports.table);
    let counted = rooms.members_count(&room.code).await?;
    let Some(capacity) = room.capacity.filter(|capacity| counted >= *capacity) else { return Ok(counted) };
    let most = usize::try_from(capacity).unwrap_or(usize::MAX);
    let present = Members(&*app.ports.table).all(&room.code, Status::Approved, most).await?.len();
    let present = u32::try_from(present).unwrap_or(u32::MAX);
    if present < counted {
        rooms.recount(&room.code, counted, present).await?;
    }
    Ok(present)
}

/// Guesses are counted as those of an account's password are: by person and room.
async fn is_right(app: &App, standing: &Standing, password: Option<&str>) -> Result<bool, AppError> {
    let Some(secret) = password.and_then(Secret::new) else { return Ok(false) };
    if standing.room.entry_mode != EntryMode::Password {
        return Ok(true);
    }
    limits::limit_room_password(app, standing.user.id, &standing.room.code).await?;
    app.secret_work.verify(&secret, standing.room.password.as_ref()).await
}

/// What became of the invitation that somebody brings.
struct Brought {
    /// It, if there is one, good or not.
    invitation: Option<Invitation>,
    /// Whether they bring one that is good for nothing any more.
    is_spent: bool,
}

async fn brought(app: &App, token: Option<&str>) -> Result<Brought, AppError> {
    let Some(token) = token.filter(|token| !token.is_empty()) else {
        return Ok(Brought { invitation: None, is_spent: false });
    };
    let hash: TokenHash = InvitationToken::parse(token).ok_or(RoomRefusal::InvitationExpired)?.hash();
    let invitation = Invitations(&*app.ports.table).behind(&hash).await?;
    let is_spent = invitation.as_ref().is_none_or(|invitation| invitation.used >= invitation.uses);
    Ok(Brought { invitation, is_spent })
}
