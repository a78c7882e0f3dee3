//! Watching together: host and co-hosts play, pause and seek, and everybody is told where it stands.

mod playback;

pub(in crate::app) use self::playback::{command, state_event, stored_state};
pub(in crate::app) use crate::domain::watch::PlaybackCommand as Command;
