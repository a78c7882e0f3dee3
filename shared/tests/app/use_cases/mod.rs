//! Use cases, with time in the tests' own hands.

mod accounts;
mod chat;
mod feed;
mod house;
mod kept_mails;
mod listed_jobs;
mod media;
mod watch;
