//! Charges a message, or a change of one, to its author's budget, and appends it to the room's log.

use std::sync::OnceLock;
use std::time::Duration;

use futures_util::FutureExt as _;

use super::permission::{Scene, scene, wait_in_slow_mode};
use super::say::Author;
use crate::app::rooms::RoomRefusal;
use crate::app::{App, AppError};
use crate::domain::chat::Message;
use crate::ids::{EventId, RoomCode};
use crate::ports::{Appended, Consented, Item, Late, NewEntry};
use crate::store::{Charge, ChargeRefused, Room, Spoken};

/// How long the same text counts as a repetition.
const REPEATED_WITHIN: Duration = Duration::from_secs(3);

/// What became of an entry that was charged.
pub(super) enum Stored {
    /// It is in the log.
    New {
        /// Under this number.
        id: EventId,
        /// How many messages there are up to it.
        messages: u64,
        /// Its author's row.
        row: Box<Item>,
        /// The message that it was about.
        target: Option<Box<Message>>,
    },
    /// It was there before, under this number.
    Repeated {
        /// That number.
        id: EventId,
    },
}

/// What one more message, or one more change, is counted as.
pub(super) fn charge(app: &App, author: &Author, code: &RoomCode, counted: Spoken) -> Charge {
    let limits = &app.settings.limits;
    let budget = match counted {
        Spoken::Message { .. } => limits.messages,
        Spoken::Edit | Spoken::Deletion => limits.edits,
    };
    Charge {
        room: code.clone(),
        user: author.user,
        counted,
        now: app.ports.clock.now(),
        budget,
        repeated_within: if limits.are_lifted() { Duration::ZERO } else { REPEATED_WITHIN },
        slow_mode_seconds: 0,
    }
}

/// Appends what is charged. A repetition meets no limit; `refusal` is why nothing new may be said here, if so.
pub(super) async fn append(
    app: &App,
    new: NewEntry,
    charge: &Charge,
    refusal: Option<RoomRefusal>,
) -> Result<Stored, AppError> {
    // Nobody passes the second one: what comes of it is a repetition, or the reason.
    let first = if refusal.is_none() { charge.first() } else { charge.never() };
    let first = NewEntry { charge: Some(first), ..new.clone() };
    let appended = app.ports.log.append(&charge.room, first).await?;
    settle(app, new, charge, refusal, appended).await
}

/// Appends a message to the log of a room that has been read.
pub(super) async fn append_in(
    app: &App,
    scene: &Scene,
    new: NewEntry,
    charge: &Charge,
) -> Result<Stored, AppError> {
    let refusal = (!scene.room.is_chat_enabled).then_some(RoomRefusal::ChatDisabled);
    let charge = Charge { slow_mode_seconds: scene.room.slow_mode_seconds, ..charge.clone() };
    append(app, new.completed(late(scene)), &charge, refusal).await
}

/// Appends while the room is being read, which asks for nothing special as far as this process knows.
pub(super) async fn append_meanwhile(
    app: &App,
    author: &Author,
    (new, is_watching): (NewEntry, bool),
    charge: &Charge,
) -> Result<(Scene, Stored), AppError> {
    let seen = OnceLock::new();
    let consent = async {
        let scene = in_turn_to_speak(app, author, charge, is_watching).await;
        let consented = match &scene {
            Ok(scene) if scene.room.is_chat_enabled => Consented::Given(late(scene)),
            _ => Consented::Withheld,
        };
        // It is asked once.
        let _ = seen.set(scene);
        consented
    };
    let first = NewEntry { charge: Some(charge.first()), ..new.clone() };
    let appended = app.ports.log.append_with_consent(&charge.room, first, consent.boxed()).await?;
    let unseen = || Err(AppError::Unavailable("a room was not read".into()));
    let scene = seen.into_inner().unwrap_or_else(unseen)?;
    let stored = match appended {
        Appended::Withheld => append_in(app, &scene, new, charge).await?,
        appended => settle(app, new.completed(late(&scene)), charge, None, appended).await?,
    };
    Ok((scene, stored))
}

async fn in_turn_to_speak(
    app: &App,
    author: &Author,
    charge: &Charge,
    is_watching: bool,
) -> Result<Scene, AppError> {
    let scene = scene(app, author, &charge.room, is_watching).await?;
    if scene.room.is_chat_enabled {
        wait_in_slow_mode(app, &scene.room, charge).await?;
    }
    Ok(scene)
}

fn late(scene: &Scene) -> Late {
    Late { keep_for: kept(&scene.room), moment: scene.moment.clone() }
}

/// Tries the rest of the budget where some of it is spent, and says what came of it all.
async fn settle(
    app: &App,
    new: NewEntry,
    charge: &Charge,
    refusal: Option<RoomRefusal>,
    mut appended: Appended,
) -> Result<Stored, AppError> {
    if let Appended::Refused { current } = &appended
        && refusal.is_none()
        && charge.why(current.as_ref()) == ChargeRefused::InBurst
    {
        let burst = NewEntry { charge: Some(charge.burst()), ..new };
        appended = app.ports.log.append(&charge.room, burst).await?;
    }
    match appended {
        Appended::New { id, messages, charged: Some(row), target } => {
            Ok(Stored::New { id, messages, row: Box::new(row), target })
        }
        Appended::New { .. } => Err(AppError::Unavailable("a charged row is missing".into())),
        Appended::Repeated { id } => Ok(Stored::Repeated { id }),
        Appended::Refused { current } => {
            let why = charge.why(current.as_ref());
            let is_in = !matches!(why, ChargeRefused::NotIn(_));
            Err(refusal.filter(|_| is_in).unwrap_or_else(|| why.into()).into())
        }
        Appended::NotFolded(refused) => Err(super::amend::not_folded(refused)),
        Appended::Withheld => Err(AppError::Unavailable("an entry was withheld for no reason".into())),
        Appended::Busy => Err(RoomRefusal::RateLimited { retry_after: 1 }.into()),
    }
}

/// How long a room's messages are kept.
pub(super) fn kept(room: &Room) -> Option<Duration> {
    let days = room.retention?.days?;
    Some(Duration::from_secs(u64::from(days) * 24 * 3600))
}
