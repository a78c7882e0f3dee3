//! Use cases, with time in the tests' own hands.

pub(crate) mod accounts;
mod bench;
pub(crate) mod chat;
mod feed;
mod kept_mails;
mod listed_jobs;
mod media;
mod played_outbound;
mod rooms;
mod watch;
mod webhooks;
