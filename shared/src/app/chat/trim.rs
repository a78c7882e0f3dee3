//! Deletes the messages that a room's retention no longer keeps.

use std::time::Duration;

use crate::app::{App, AppError};
use crate::ids::RoomCode;
use crate::ports::{Job, Keep};
use crate::protocol::Timestamp;
use crate::store::{Room, Rooms};

/// After how many messages a room that keeps the last few is trimmed: readers are shown no more than these anyway.
const EVERY: u64 = 20;
/// After how many a room is that keeps some days: its entries expire by themselves, except those of which that could not be
/// written down.
const EVERY_BY_DAYS: u64 = 100;

/// After how many steps another job goes on: one worker has time for more, but may be slow.
const STEPS: usize = 20;

/// Has a room trimmed if by its latest message it is time for that.
pub(super) async fn trim_now_and_then(app: &App, room: &Room, messages: u64) {
    let Some(kept) = room.retention else { return };
    let every = if kept.messages.is_some() { EVERY } else { EVERY_BY_DAYS };
    if messages.is_multiple_of(every) {
        trim_later(app, room).await;
    }
}

/// Has a room trimmed whose retention has changed, or to which more was said than it keeps.
pub(in crate::app) async fn trim_later(app: &App, room: &Room) {
    let job = Job::TrimLog { room: room.code.clone() };
    if let Err(error) = app.ports.jobs.enqueue(vec![(job, Duration::ZERO)]).await {
        tracing::warn!(room = %room.code, %error, "a room keeps more than it should until it is trimmed next");
    }
}

/// Takes away what a room does not keep. The job: it takes away so much at a time, and leaves the rest to another one.
pub(in crate::app) async fn trim_log(app: &App, code: &RoomCode) -> Result<(), AppError> {
    let Some(kept) = Rooms(&*app.ports.table).get(code).await?.and_then(|room| room.retention) else {
        return Ok(());
    };
    let now = app.ports.clock.now().as_secs();
    let since = kept.days.map(|days| Timestamp::from_secs(now - i64::from(days) * 24 * 3600));
    let keep = Keep { messages: kept.messages.map(u64::from), since };
    for _ in 0..STEPS {
        if !app.ports.log.trim(code, &keep).await? {
            return Ok(());
        }
    }
    Ok(app.ports.jobs.enqueue(vec![(Job::TrimLog { room: code.clone() }, Duration::ZERO)]).await?)
}
