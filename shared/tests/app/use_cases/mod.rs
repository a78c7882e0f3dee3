//! Use cases, with time in the tests' own hands.

pub(crate) mod accounts;
pub(crate) mod chat;
mod feed;
mod house;
mod kept_mails;
mod listed_jobs;
mod media;
mod rooms;
mod watch;
