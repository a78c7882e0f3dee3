//! One attempt to change the playback: reads the state, decides, and writes it on the condition of its version.

use std::time::Duration;

use futures_util::future::try_join;

use super::gate::{Gate, close_gate};
use crate::app::rooms::{RoomRefusal, Standing, standing};
use crate::app::{App, AppError};
use crate::domain::chat::Pace;
use crate::domain::rooms::Act;
use crate::domain::watch::{Playback, lead};
use crate::ids::{RoomCode, UserId};
use crate::ports::Write;
use crate::protocol::Timestamp;
use crate::store::{Playbacks, Room, SentCommand, StoredPlayback};

/// How often a change is tried anew because another one came in between.
pub(super) const TRIES: u32 = 8;

/// Who changes what is played.
#[derive(Debug, Clone)]
pub struct Commander {
    /// The person.
    pub user: UserId,
    /// The socket that it came by, and when it was sent there.
    pub sent: Option<SentCommand>,
}

/// One attempt to change what is played.
pub(super) struct Control {
    /// Who asks, where.
    standing: Standing,
    /// The state that is changed.
    pub(super) before: StoredPlayback,
    /// When.
    pub(super) now: Timestamp,
    sent: Option<SentCommand>,
    budget: Timestamp,
}

impl Control {
    /// Reads what there is, for host and co-hosts; none if the same socket has sent a later command, which came first.
    pub(super) async fn take(app: &App, by: &Commander, code: &RoomCode) -> Result<Option<Self>, AppError> {
        let now = app.ports.clock.now();
        let stored = async { Ok(Playbacks(&*app.ports.table).get(code, now).await?) };
        let (standing, before) = try_join(standing(app, by.user, code), stored).await?;
        standing.insist_on_member()?;
        standing.insist_on(Act::Playback)?;
        let is_late =
            by.sent.as_ref().zip(before.last.as_ref()).is_some_and(|(new, last)| new.is_older_than(last));
        if is_late && !planted!(OrderByArrival) {
            return Ok(None);
        }
        let budget = spent(app, before.budget, now)?;
        Ok(Some(Self { standing, before, now, sent: by.sent.clone(), budget }))
    }

    /// Where it happens.
    pub(super) fn room(&self) -> &Room {
        &self.standing.room
    }

    /// How far ahead it takes effect.
    pub(super) fn lead(&self) -> Duration {
        lead(self.before.slowest.as_ref(), self.now)
    }

    /// Stores the changed state with other writes, if everything is as it was; answers the state as it is stored, which may
    /// wait until everybody is ready.
    pub(super) async fn save(
        &self,
        app: &App,
        state: Playback,
        mut with: Vec<Write>,
    ) -> Result<Option<Saved>, AppError> {
        let (state, gate) = close_gate(app, self.room(), state, self.now).await?;
        if let Some(gate) = &gate {
            with.push(gate.prepared(app, self.room()).await?);
        }
        let after = StoredPlayback {
            state: state.clone(),
            last: self.sent.clone().or_else(|| self.before.last.clone()),
            budget: Some(self.budget),
            slowest: self.before.slowest,
        };
        let playbacks = Playbacks(&*app.ports.table);
        let is_done = playbacks.replace(&self.room().code, self.before.state.version, &after, with).await?;
        Ok(is_done.then_some(Saved { state, gate }))
    }
}

/// A state that was stored.
pub(super) struct Saved {
    /// The state.
    pub(super) state: Playback,
    /// Who it waits for, if it does.
    pub(super) gate: Option<Gate>,
}

/// What is spent of a room's budget of changes with one more.
pub(super) fn spent(app: &App, stored: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, RoomRefusal> {
    match app.settings.limits.playback.spend(stored, now) {
        Pace::Free(next) => Ok(next),
        Pace::Spent { wait } => Err(RoomRefusal::RateLimited { retry_after: wait.as_secs() + 1 }),
    }
}
