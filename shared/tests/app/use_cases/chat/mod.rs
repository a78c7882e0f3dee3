//! Chat.

mod inboxes;
