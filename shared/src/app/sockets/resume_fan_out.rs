//! The rest of a fan-out that waited in the queue.

use crate::app::{App, AppError};
use crate::ports::{Broadcast, Content, FanOut, Source};
use crate::protocol::Timestamp;

/// Goes on with a fan-out, with what is stored by now. What was superseded or deleted meanwhile is sent to nobody.
pub(in crate::app) async fn resume_fan_out(
    app: &App,
    part: FanOut,
    until: Option<Timestamp>,
) -> Result<(), AppError> {
    let broadcast = match &part.content {
        Content::Given(broadcast) => Some(broadcast.clone()),
        Content::Stored(source) => stored_broadcast(app, source).await?,
    };
    match broadcast {
        Some(broadcast) => Ok(app.ports.sender.resume(part, &broadcast, until).await?),
        None => Ok(()),
    }
}

/// What an event is told as now; none if nobody is to be told of it any more.
#[expect(clippy::unused_async, reason = "what is stored has to be read")]
async fn stored_broadcast(_: &App, source: &Source) -> Result<Option<Broadcast>, AppError> {
    match source {
        // No room stores anything yet.
        Source::Frame | Source::Event { .. } | Source::Playback { .. } => Ok(None),
    }
}
