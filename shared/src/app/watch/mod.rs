//! Watching together: host and co-hosts choose, play, pause and seek, and everybody is told where it stands.

mod audience;
mod choose;
mod command;
mod control;
mod erase;
pub(in crate::app) mod gate;
mod host;
mod next;
mod player;
mod progress;
mod providers;
mod queue;
mod search;
mod shown;
mod sync;
mod tell;

pub use self::choose::{Chosen, set_media};
pub(in crate::app) use self::command::command;
pub use self::control::Commander;
pub(in crate::app) use self::erase::erase_choices;
pub(in crate::app) use self::host::host_absence;
pub use self::next::next_in_queue;
pub(in crate::app) use self::player::player_event;
pub(in crate::app) use self::progress::{LOOK_EVERY, PROGRESS_EVERY, moment};
pub use self::progress::{all_progress, progress, resume_point, save_progress};
pub(in crate::app) use self::providers::look_up;
pub use self::queue::{add_to_queue, move_in_queue, queue, remove_from_queue};
pub use self::search::{FoundTitle, search_media};
pub(in crate::app) use self::shown::current_item;
pub(in crate::app) use self::sync::{SYNC_EVERY, sync_check};
pub(in crate::app) use self::tell::{state_event, stored_state};
pub(in crate::app) use crate::domain::watch::PlaybackCommand as Command;
