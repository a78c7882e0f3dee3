//! A socket opens, and is greeted once it can be written to.

use std::time::Duration;

use crate::app::accounts::tokens::authenticate::live_session;
use crate::app::{App, AppError, heartbeat};
use crate::ids::ConnectionId;
use crate::ports::{Connection, Endpoint, Group, Job, WelcomeLease};
use crate::protocol::Close;

/// Makes a new socket known and sees to its greeting: it cannot be written to until its handshake has been answered.
pub async fn connect(app: &App, connection: &Connection) -> Result<(), AppError> {
    let channels = &app.ports.channels;
    channels.register(connection).await?;
    match connection.endpoint {
        Endpoint::Feed => channels.join(&Group::Feed, connection).await?,
    };
    let welcome = Job::Welcome { connection: connection.id.clone() };
    Ok(app.ports.jobs.enqueue(vec![(welcome, Duration::ZERO)]).await?)
}

/// Greets a socket that can be written to now. An attempt that fails gives its lease back.
pub async fn welcome(app: &App, id: &ConnectionId) -> Result<(), AppError> {
    let channels = &app.ports.channels;
    let connection = match channels.lease_welcome(id).await? {
        WelcomeLease::Granted(connection) => connection,
        WelcomeLease::Busy => return Err(AppError::Busy),
        WelcomeLease::Done | WelcomeLease::Gone => return Ok(()),
    };
    let greeted = greet(app, &connection).await;
    if greeted.is_err()
        && let Err(error) = channels.release_welcome(id).await
    {
        tracing::warn!(%error, "the next welcome waits for this one's lease to end");
    }
    greeted
}

/// The rows are written first, and what they stand on is read again after that: whatever ends the session from now on
/// finds the rows, whatever ended it before is found here.
async fn greet(app: &App, connection: &Connection) -> Result<(), AppError> {
    let channels = &app.ports.channels;
    if let Some(identity) = &connection.identity {
        channels.join(&Group::User(identity.user), connection).await?;
        match live_session(app, identity).await {
            Ok(_) => {}
            Err(AppError::SessionEnded) => {
                return Ok(channels.close(&connection.id, Close::SessionEnded).await?);
            }
            Err(error) => return Err(error),
        }
    }
    match connection.endpoint {
        Endpoint::Feed => heartbeat::listener_came(app).await?,
    }
    Ok(channels.welcomed(&connection.id).await?)
}

/// A socket has closed, or was found dead.
pub async fn disconnect(app: &App, id: &ConnectionId) -> Result<(), AppError> {
    app.ports.channels.forget(id).await?;
    Ok(())
}
