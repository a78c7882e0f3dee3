//! Saying something, with a file or without.

mod message_input;
pub(in crate::inbound::http) mod send_message;
mod sent_form;
pub(in crate::inbound::http) mod upload_file;

pub(in crate::inbound::http) use self::message_input::{MessageInput, author, said};
