//! Moderation by host and co-hosts: kick, ban, mute.

use std::time::Duration;

use super::standing::{Standing, Target};
use super::{RoomRefusal, arrivals, note, standing, target};
use crate::app::{App, AppError, profile};
use crate::domain::rooms::{Act, Status};
use crate::ids::{RoomCode, UserId};
use crate::store::{Members, Membership, Moved, RoomDeed};

/// How often it is tried anew because something changed meanwhile.
const TRIES: u32 = 8;
/// The longest time for which somebody can be silenced; without one they are until somebody lets them speak.
const MAX_MUTE: Duration = Duration::from_secs(365 * 24 * 3600);
/// A moment that never comes, in microseconds since 1970: the end of the year 9999.
const NEVER: i64 = 253_402_300_799_000_000;

/// What is done to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Their sockets here are closed; they stay a member.
    Kick,
    /// They are a member no more; they may ask again.
    Remove,
    /// They are kept out.
    Ban,
    /// They may ask again.
    Unban,
    /// They may not speak, for so many seconds or until further notice.
    Mute(Option<u64>),
    /// They may speak again.
    Unmute,
}

/// Does something to somebody in a room. What is so already stays so.
pub async fn moderate(
    app: &App,
    actor: UserId,
    code: &RoomCode,
    user: UserId,
    measure: Measure,
) -> Result<(), AppError> {
    if matches!(measure, Measure::Mute(Some(seconds)) if seconds == 0 || seconds > MAX_MUTE.as_secs()) {
        return Err(AppError::InvalidInput { field: "seconds", why: "From 1 to 31536000." });
    }
    for _ in 0..TRIES {
        let standing = standing(app, actor, code).await?;
        let target = target(app, &standing.room, user).await?;
        standing.insist_on_over(act(measure), &target)?;
        if take(app, &standing, &target, measure).await? == Moved::Yes {
            note(app, code, deed(measure), Some(actor), Some(user), "").await?;
            return Ok(());
        }
    }
    Err(AppError::Busy)
}

async fn take(app: &App, standing: &Standing, target: &Target, measure: Measure) -> Result<Moved, AppError> {
    match measure {
        Measure::Kick => kick(app, standing, target).await,
        Measure::Remove => move_out(app, standing, target, Status::Left).await,
        Measure::Ban => move_out(app, standing, target, Status::Banned).await,
        Measure::Unban => unban(app, standing, target).await,
        Measure::Mute(seconds) => mute(app, standing, target, Some(until(app, seconds))).await,
        Measure::Unmute => mute(app, standing, target, None).await,
    }
}

async fn kick(app: &App, standing: &Standing, target: &Target) -> Result<Moved, AppError> {
    target.member_who_is_in()?;
    arrivals::put_out(app, &standing.room, target.user).await?;
    Ok(Moved::Yes)
}

/// The row first, then the sockets: whoever joins in between finds the row.
async fn move_out(app: &App, standing: &Standing, target: &Target, to: Status) -> Result<Moved, AppError> {
    let (room, now) = (&standing.room, app.ports.clock.now());
    let membership = Membership(&*app.ports.table);
    if planted!(RowsBeforeMember) {
        arrivals::put_out(app, room, target.user).await?;
    }
    let moved = match &target.member {
        Some(member) if member.status == to => Moved::Yes,
        Some(member) if to == Status::Banned || member.is_approved() => {
            arrivals::put_out_soon(app, &room.code, target.user).await?;
            membership.move_to(room, member, to, now).await?
        }
        None if to == Status::Banned => {
            let user = profile(app, target.user).await.map_err(|_| RoomRefusal::NoSuchPerson)?;
            membership.ban_stranger(room, &user, now).await?
        }
        _ => return Err(RoomRefusal::NoSuchPerson.into()),
    };
    if moved == Moved::Yes && !planted!(RowsBeforeMember) {
        arrivals::put_out(app, room, target.user).await?;
    }
    Ok(moved)
}

async fn unban(app: &App, standing: &Standing, target: &Target) -> Result<Moved, AppError> {
    match &target.member {
        Some(member) if member.status == Status::Banned => {
            let now = app.ports.clock.now();
            Ok(Membership(&*app.ports.table).move_to(&standing.room, member, Status::Left, now).await?)
        }
        Some(_) => Ok(Moved::Yes),
        None => Err(RoomRefusal::NoSuchPerson.into()),
    }
}

async fn mute(
    app: &App,
    standing: &Standing,
    target: &Target,
    until: Option<i64>,
) -> Result<Moved, AppError> {
    let member = target.member_who_is_in()?;
    let muted = Members(&*app.ports.table).mute(&standing.room.code, member, until).await?;
    let Some(member) = muted else { return Ok(Moved::Meanwhile) };
    arrivals::tell_updated(app, &standing.room, &member).await?;
    Ok(Moved::Yes)
}

fn until(app: &App, seconds: Option<u64>) -> i64 {
    let end = |seconds| app.ports.clock.now().plus(Duration::from_secs(seconds)).as_micros();
    seconds.map_or(NEVER, end)
}

fn act(measure: Measure) -> Act {
    match measure {
        Measure::Kick | Measure::Remove => Act::Kick,
        Measure::Ban => Act::Ban,
        Measure::Unban => Act::Unban,
        Measure::Mute(_) => Act::Mute,
        Measure::Unmute => Act::Unmute,
    }
}

fn deed(measure: Measure) -> RoomDeed {
    match measure {
        Measure::Kick | Measure::Remove => RoomDeed::Kicked,
        Measure::Ban => RoomDeed::Banned,
        Measure::Unban => RoomDeed::Unbanned,
        Measure::Mute(_) => RoomDeed::Muted,
        Measure::Unmute => RoomDeed::Unmuted,
    }
}
