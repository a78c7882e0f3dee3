//! A client said something on a socket.

use crate::app::{App, AppError};
use crate::ids::ConnectionId;
use crate::ports::Endpoint;
use crate::protocol::{Dialect, Event, Ping, Pong};

/// Does what a client's message asks for. The feed answers `ping` and takes no notice of anything else.
pub async fn receive(app: &App, id: &ConnectionId, endpoint: Endpoint, text: &str) -> Result<(), AppError> {
    let received_at = app.ports.clock.now();
    match endpoint {
        Endpoint::Feed => {
            let Some(Ping { timestamp }) = Ping::parse(text) else { return Ok(()) };
            let pong = Event::Pong(Pong { timestamp, received_at, server_time: app.ports.clock.now() });
            if let Some(frame) = pong.frame(Dialect::Feed) {
                app.ports.channels.send(id, &frame).await?;
            }
            Ok(())
        }
    }
}
