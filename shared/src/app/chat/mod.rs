//! Chat: saying something, changing it, reading it again.

mod amend;
mod announce;
mod attachment;
mod events;
mod idempotency;
mod people;
mod private;
mod read_mark;
mod reading;
mod say;
mod say_with_file;
mod summary;
mod trim;
mod typing;

pub use self::amend::{Amendment, amend};
pub(in crate::app) use self::announce::{announce, stored_broadcast};
pub(in crate::app) use self::events::event_of;
pub use self::events::{Reader, message_body};
pub use self::people::{Authors, Shown};
pub use self::private::*;
pub(in crate::app) use self::private::{Noted, clear_all, clear_said, notes};
pub use self::read_mark::mark_read;
pub use self::reading::history::{History, Since, event_frames, messages, resume};
pub(in crate::app) use self::reading::history::{history, shown};
pub use self::reading::numbered_page::{NumberedPage, numbered_page};
pub use self::reading::search::search;
pub use self::say::{Author, Said, Words, say};
pub use self::say_with_file::{SentFile, say_with_file};
pub use self::summary::{Summary, last_id, summary};
pub(in crate::app) use self::trim::{trim_later, trim_log};
pub(in crate::app) use self::typing::typing;
