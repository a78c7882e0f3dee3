//! The job that sends to those sockets of a group that an interrupted fan-out has not reached.

use crate::app::{App, AppError, chat, watch};
use crate::ids::{EventId, RoomCode, UserId};
use crate::ports::{Broadcast, Content, FanOut, Source};
use crate::protocol::Timestamp;
use crate::store::Rooms;

/// Goes on with a fan-out, with what is stored by now. What was superseded or deleted meanwhile is sent to nobody.
pub(in crate::app) async fn resume_fan_out(
    app: &App,
    part: FanOut,
    until: Option<Timestamp>,
) -> Result<(), AppError> {
    let broadcast = match &part.content {
        Content::Given(broadcast) => Some(Broadcast::clone(broadcast)),
        Content::Stored(source) => stored_broadcast(app, source).await?,
    };
    let Some(broadcast) = broadcast else { return Ok(()) };
    if let Some(reader) = part.inbox_of.filter(|reader| !broadcast.is_own(Some(*reader)))
        && !is_among(app, reader, part.content.room()).await?
    {
        return Ok(());
    }
    Ok(app.ports.sender.resume(part, &broadcast, until).await?)
}

/// Whether somebody is still in the conversation of which their inbox is to be told.
async fn is_among(app: &App, reader: UserId, conversation: Option<&RoomCode>) -> Result<bool, AppError> {
    let Some(code) = conversation else { return Ok(true) };
    let room = Rooms(&*app.ports.table).get(code).await?;
    Ok(room.is_some_and(|room| room.people.contains(&reader)))
}

/// What an event is told as now; none if nobody is to be told of it any more.
async fn stored_broadcast(app: &App, source: &Source) -> Result<Option<Broadcast>, AppError> {
    match source {
        Source::Frame => Ok(None),
        Source::Event { room, id } => chat::stored_broadcast(app, room, EventId(*id)).await,
        Source::Playback { room, version } => watch::stored_state(app, room, *version).await,
    }
}
