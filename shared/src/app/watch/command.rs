//! `PLAY`, `PAUSE`, `SEEK` and the speed, as host and co-hosts command them.

use super::control::{Commander, Control, Saved, TRIES};
use super::gate::tell_gate;
use super::tell::tell_state;
use crate::app::{App, AppError};
use crate::domain::watch::PlaybackCommand;
use crate::ids::RoomCode;
use crate::protocol::PlaybackCause;

/// Changes where playing stands, for host and co-hosts, and tells everybody: exactly the position that was asked for.
pub(in crate::app) async fn command(
    app: &App,
    by: &Commander,
    code: &RoomCode,
    command: PlaybackCommand,
) -> Result<(), AppError> {
    let _turn = app.ports.turns.take(code).await;
    for _ in 0..TRIES {
        let Some(control) = Control::take(app, by, code).await? else { return Ok(()) };
        let after = control.before.state.apply(command, control.now, control.lead());
        let after = after.ok_or(impossible(command))?;
        if let Some(Saved { state, gate }) = control.save(app, after, Vec::new()).await? {
            tell_state(app, control.room(), state, control.now, PlaybackCause::Command).await?;
            return tell_gate(app, control.room(), gate).await;
        }
    }
    Err(AppError::Busy)
}

fn impossible(command: PlaybackCommand) -> AppError {
    match command {
        PlaybackCommand::SetRate(_) => AppError::InvalidInput { field: "rate", why: "From 0.25 to 2." },
        _ => AppError::InvalidInput { field: "time", why: "Seconds, not negative." },
    }
}
