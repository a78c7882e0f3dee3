//! Answers a refused message by an `ERROR` frame, on the socket that sent it.

use std::time::Duration;

use super::welcome::say;
use crate::app::rooms::RoomRefusal;
use crate::app::{App, AppError};
use crate::ports::Connection;
use crate::protocol::{Close, ErrorCode, ErrorEvent, Event, Refusal, Regarding};

/// Answers what can't be understood.
pub(super) async fn answer(
    app: &App,
    connection: &Connection,
    refusal: Refusal,
    regarding: &Regarding,
) -> Result<(), AppError> {
    refuse(app, connection, ErrorEvent::refused(refusal, regarding)).await
}

/// Answers what may not be, or can't be for now; the cause of the latter is logged by whoever gets the error.
pub(super) async fn answer_refusal(
    app: &App,
    connection: &Connection,
    error: AppError,
    regarding: &Regarding,
) -> Result<(), AppError> {
    let event = match &error {
        AppError::Room(refusal) => refused(*refusal, regarding),
        AppError::InvalidInput { field, why } => {
            ErrorEvent::new(ErrorCode::InvalidInput, regarding).with_field(field, *why)
        }
        AppError::Conflict(why) => ErrorEvent::new(ErrorCode::Conflict, regarding).saying(*why),
        AppError::NotFound => ErrorEvent::new(ErrorCode::NotFound, regarding),
        AppError::SessionEnded => ErrorEvent::new(ErrorCode::SessionEnded, regarding),
        AppError::TooMany { retry_after, .. } => {
            ErrorEvent::new(ErrorCode::RateLimited, regarding).retry_after(Duration::from_secs(*retry_after))
        }
        _ => ErrorEvent::new(ErrorCode::Unavailable, regarding),
    };
    let is_ours = event.code == ErrorCode::Unavailable;
    if is_ours {
        say(app, connection, &Event::Error(event)).await?;
        return Err(error);
    }
    refuse(app, connection, event).await
}

/// Says why not. A socket that goes on all the same, again and again, is closed.
async fn refuse(app: &App, connection: &Connection, why: ErrorEvent) -> Result<(), AppError> {
    let limit = app.settings.limits.refusals;
    if app.refusals.is_too_many(&connection.id, limit, app.ports.clock.now()) {
        return Ok(app.ports.sender.close(&connection.id, Close::TooManyMessages).await?);
    }
    say(app, connection, &Event::Error(why)).await.map(drop)
}

fn refused(refusal: RoomRefusal, regarding: &Regarding) -> ErrorEvent {
    let event = ErrorEvent::new(refusal.code(), regarding).saying(refusal.sentence());
    match refusal.retry_after() {
        Some(seconds) => event.retry_after(Duration::from_secs(seconds)),
        None => event,
    }
}

/// Why a socket would be turned away is also why its inbox may not hear a room.
impl From<Close> for RoomRefusal {
    fn from(reason: Close) -> Self {
        match reason {
            Close::Banned => Self::Banned,
            Close::RoomClosed => Self::RoomClosed,
            Close::NoSuchRoom => Self::NoSuchRoom,
            _ => Self::NotApproved,
        }
    }
}
