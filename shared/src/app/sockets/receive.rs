//! A client said something on a socket.

use crate::app::{App, AppError};
use crate::ports::{Connection, Endpoint};
use crate::protocol::{Command, Event};

/// Does what a client's message asks for.
pub async fn receive(app: &App, connection: &Connection, text: &str) -> Result<(), AppError> {
    match &connection.endpoint {
        Endpoint::Feed => receive_on_feed(app, connection, text).await,
        // None of these is let in yet.
        Endpoint::Inbox | Endpoint::Chat(_) | Endpoint::Conversation(_) | Endpoint::Watch(_) => Ok(()),
    }
}

/// The feed answers `ping` and takes no notice of anything else.
async fn receive_on_feed(app: &App, connection: &Connection, text: &str) -> Result<(), AppError> {
    match Command::parse(text) {
        Command::Ping { timestamp } => {
            let pong = Event::Pong { timestamp, server_time: app.ports.clock.now() };
            // A pong too large for a frame would only echo the client's own excess.
            let Ok(frame) = pong.frame() else { return Ok(()) };
            app.ports.sender.send(&connection.id, &frame).await?;
            Ok(())
        }
        Command::Unknown { .. } | Command::Other => Ok(()),
    }
}
