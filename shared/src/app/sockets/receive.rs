//! A client said something on a socket.

use crate::app::{App, AppError};
use crate::ids::ConnectionId;
use crate::ports::Endpoint;
use crate::protocol::{Command, Event};

/// Does what a client's message asks for. The feed answers `ping` and takes no notice of anything else.
pub async fn receive(app: &App, id: &ConnectionId, endpoint: Endpoint, text: &str) -> Result<(), AppError> {
    match (endpoint, Command::parse(text)) {
        (Endpoint::Feed, Command::Ping { timestamp }) => {
            let pong = Event::Pong { timestamp, server_time: app.ports.clock.now() };
            // A pong too large for a frame would only echo the client's own excess.
            let Ok(frame) = pong.frame() else { return Ok(()) };
            app.ports.channels.send(id, &frame).await?;
            Ok(())
        }
        (Endpoint::Feed, Command::Unknown { .. } | Command::Other) => Ok(()),
    }
}
