//! A socket opens, and is greeted once it can be written to.

use std::time::Duration;

use crate::app::accounts::tokens::authenticate::live_session;
use crate::app::{App, AppError, heartbeat};
use crate::ids::ConnectionId;
use crate::ports::{Connection, Endpoint, Group, Job, WelcomeLease};
use crate::protocol::Close;

/// What a handshake is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// The socket opens.
    Accepted,
    /// It does not; nothing is known of it.
    Refused(Close),
}

/// Makes a new socket known and sees to its greeting: it cannot be written to until its handshake has been answered.
pub async fn connect(app: &App, connection: &Connection) -> Result<Entry, AppError> {
    if connection.endpoint != Endpoint::Feed {
        return Ok(Entry::Refused(Close::NoSuchRoom));
    }
    app.ports.connections.register(connection).await?;
    app.ports.groups.join(&Group::Feed, connection, None).await?;
    let welcome = Job::Welcome { connection: connection.id.clone() };
    app.ports.jobs.enqueue(vec![(welcome, Duration::ZERO)]).await?;
    Ok(Entry::Accepted)
}

/// Greets a socket that can be written to now. An attempt that fails gives its lease back.
pub async fn welcome(app: &App, id: &ConnectionId) -> Result<(), AppError> {
    let connections = &app.ports.connections;
    let connection = match connections.lease_welcome(id).await? {
        WelcomeLease::Granted(connection) => connection,
        WelcomeLease::Busy => return Err(AppError::Busy),
        WelcomeLease::Done | WelcomeLease::Gone => return Ok(()),
    };
    let greeted = greet(app, &connection).await;
    if greeted.is_err()
        && let Err(error) = connections.release_welcome(id).await
    {
        tracing::warn!(%error, "the next welcome waits for this one's lease to end");
    }
    greeted
}

/// The rows are written first, and what they stand on is read again after that: whatever ends the session from now on
/// finds the rows, whatever ended it before is found here.
async fn greet(app: &App, connection: &Connection) -> Result<(), AppError> {
    if let Some(identity) = &connection.identity {
        app.ports.groups.join(&Group::User(identity.user), connection, None).await?;
        match live_session(app, identity).await {
            Ok(_) => {}
            Err(AppError::SessionEnded) => {
                return Ok(app.ports.sender.close(&connection.id, Close::SessionEnded).await?);
            }
            Err(error) => return Err(error),
        }
    }
    if connection.endpoint == Endpoint::Feed {
        heartbeat::listener_came(app).await?;
    }
    Ok(app.ports.connections.welcomed(&connection.id).await?)
}

/// A socket has closed, or was found dead.
pub async fn disconnect(app: &App, id: &ConnectionId) -> Result<(), AppError> {
    app.ports.connections.forget(id).await?;
    Ok(())
}
