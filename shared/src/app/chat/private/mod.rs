//! Private conversations: begun, listed, blocked, cleared.

mod block;
mod clear;
mod conversations;
mod reactions;
mod recipient;
mod spoken;
mod start_conversation;

pub use self::block::{Blocked, block, blocked, unblock};
pub use self::clear::end_and_clear;
pub(in crate::app) use self::clear::{clear_said, erase_words};
pub use self::conversations::{Conversation, ConversationPerson, conversation, conversations};
pub(in crate::app) use self::recipient::notes;
pub use self::recipient::{person, recipient};
pub(in crate::app::chat) use self::spoken::note_spoken;
pub use self::start_conversation::{Started, start_conversation};
