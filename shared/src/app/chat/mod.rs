//! Chat: saying something, changing it, reading it again.

mod amend;
mod announce;
mod attachment;
mod conversations;
mod events;
mod history;
mod people;
mod read_mark;
mod recipient;
mod say;
mod start_conversation;
mod summary;
mod typing;

pub use self::amend::{Amendment, amend};
pub(in crate::app) use self::announce::{announce, stored_broadcast};
pub use self::conversations::{Conversation, ConversationPerson, conversation, conversations};
pub(in crate::app) use self::events::event_of;
pub use self::events::{Reader, message_body};
pub(in crate::app) use self::history::history;
pub use self::history::{History, Since, event_frames, messages, resume};
pub use self::people::{Authors, Shown};
pub use self::read_mark::mark_read;
pub(in crate::app) use self::recipient::notes;
pub use self::recipient::{person, recipient};
pub use self::say::{Author, Said, Words, say};
pub use self::start_conversation::{Started, start_conversation};
pub use self::summary::{Summary, last_id, summary};
pub(in crate::app) use self::typing::typing;
