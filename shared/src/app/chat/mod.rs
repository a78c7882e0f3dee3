//! Chat: saying something, changing it, reading it again.

mod amend;
mod announce;
mod attachment;
mod events;
mod idempotency;
mod people;
mod permission;
mod private;
mod read_mark;
mod reading;
mod say;
mod say_with_file;
mod store_entry;
mod summary;
mod trim;
mod typing;

pub use self::amend::{Amendment, amend};
pub(in crate::app) use self::announce::{announce, logged_event, stored_broadcast};
pub(in crate::app) use self::events::event_of;
pub use self::events::{Reader, message_body};
pub use self::people::{Authors, Shown};
pub use self::private::*;
pub(in crate::app) use self::private::{clear_said, erase_words, notes};
pub(in crate::app) use self::read_mark::advance_marks;
pub use self::read_mark::mark_read;
pub use self::reading::history::{History, Since, event_frames, messages, resume};
pub(in crate::app) use self::reading::history::{history, shown};
pub use self::reading::numbered_page::{NumberedPage, numbered_page};
pub use self::reading::search::search;
pub use self::say::{Author, Said, Words, say};
pub use self::say_with_file::{SentFile, say_with_file};
pub use self::summary::{Summary, last_id, summary};
pub(in crate::app) use self::trim::{trim_later, trim_log};
pub(in crate::app) use self::typing::{TypingPace, typing};
