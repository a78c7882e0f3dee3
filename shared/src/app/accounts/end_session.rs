//! Sessions end, and the sockets behind them with them.

use std::time::Duration;

use crate::app::{App, AppError};
use crate::ids::{SessionId, UserId};
use crate::ports::{Group, Identity, Job};
use crate::protocol::Close;
use crate::store::Sessions;

/// Ends a session: its tokens are good for nothing from now on, its sockets are closed in a moment.
pub async fn end_session(app: &App, identity: &Identity) -> Result<(), AppError> {
    end(app, vec![identity.clone()]).await
}

/// Ends all sessions of a person.
pub async fn end_all_sessions(app: &App, user: UserId) -> Result<(), AppError> {
    end_sessions_but(app, user, None).await
}

/// Ends all sessions of a person but perhaps one.
pub(in crate::app) async fn end_sessions_but(
    app: &App,
    user: UserId,
    kept: Option<&SessionId>,
) -> Result<(), AppError> {
    let sessions = Sessions(&*app.ports.table).of(user).await?;
    let ended = sessions.into_iter().filter(|session| Some(session) != kept);
    end(app, ended.map(|session| Identity { user, session }).collect()).await
}

/// The jobs are there before anything has ended: whoever dies in between leaves nothing half done, and whoever is told that
/// it failed can do it again.
async fn end(app: &App, sessions: Vec<Identity>) -> Result<(), AppError> {
    let job = |identity: &Identity| (Job::EndSession { identity: identity.clone() }, Duration::ZERO);
    app.ports.jobs.enqueue(sessions.iter().map(job).collect()).await?;
    for identity in &sessions {
        Sessions(&*app.ports.table).end(identity).await?;
    }
    Ok(())
}

/// The job: the state first, then the sockets. One that is being greeted at this moment finds out by itself.
pub(in crate::app) async fn end_now(app: &App, identity: &Identity) -> Result<(), AppError> {
    Sessions(&*app.ports.table).end(identity).await?;
    for socket in app.ports.groups.sockets(&Group::User(identity.user), None).await? {
        if socket.identity.as_ref() == Some(identity) && !planted!(SocketsOutliveSession) {
            app.ports.sender.close(&socket.id, Close::SessionEnded).await?;
        }
    }
    Ok(())
}
