//! Signed-in sockets hear from time to time that they live.

use super::welcome::{KEEP_ALIVE, say};
use crate::app::{App, AppError};
use crate::ids::ConnectionId;
use crate::ports::Job;
use crate::protocol::{Event, Heartbeat};

/// Tells a socket that it lives, and what the newest event of its room is; nothing is done for one that is gone.
pub(in crate::app) async fn keep_alive(app: &App, id: &ConnectionId) -> Result<(), AppError> {
    let Some(connection) = app.ports.connections.find(id).await? else { return Ok(()) };
    let last_id = match connection.endpoint.room() {
        Some(room) => Some(app.ports.log.head(room).await?.id),
        None => None,
    };
    let heartbeat = Heartbeat { server_time: app.ports.clock.now(), last_id };
    say(app, &connection, &Event::Heartbeat(heartbeat)).await?;
    let next = Job::KeepAlive { connection: id.clone() };
    Ok(app.ports.jobs.enqueue(vec![(next, KEEP_ALIVE)]).await?)
}
