//! Pauses the playback when nobody is there who could be host.

use crate::app::watch::control::TRIES;
use crate::app::watch::tell::tell_state;
use crate::app::{App, AppError};
use crate::domain::watch::PlaybackCommand;
use crate::protocol::PlaybackCause;
use crate::store::{Playbacks, Room, StoredPlayback};

/// Stops what plays in a room that has nobody to command it.
pub(in crate::app::watch) async fn pause_without_host(app: &App, room: &Room) -> Result<(), AppError> {
    let playbacks = Playbacks(&*app.ports.table);
    for _ in 0..TRIES {
        let now = app.ports.clock.now();
        let before = playbacks.get(&room.code, now).await?;
        if !before.state.is_playing {
            return Ok(());
        }
        let pause = PlaybackCommand::Pause(before.state.position_at(now));
        let Some(state) = before.state.apply(pause, now, std::time::Duration::ZERO) else { return Ok(()) };
        let after = StoredPlayback { state: state.clone(), ..before.clone() };
        if playbacks.replace(&room.code, before.state.version, &after, Vec::new()).await? {
            return tell_state(app, room, state, now, PlaybackCause::Host).await;
        }
    }
    Err(AppError::Busy)
}
