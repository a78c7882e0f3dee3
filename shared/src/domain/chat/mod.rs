//! Chat: what is said, and how much may be.

mod budget;
mod event;
mod fold;
mod message;
mod search;

pub use self::budget::{Budget, Pace};
pub use self::event::{LoggedEvent, NewEvent};
pub use self::fold::FoldRefused;
pub use self::message::{Attachment, Message, Moment};
pub use self::search::SearchWords;
