//! Use cases, with time in the tests' own hands.

mod accounts;
mod admins;
mod browser_sign_in;
mod console;
mod direct_uploads;
mod feed;
mod heartbeats;
mod house;
mod key_rotation;
mod limits;
mod listed_jobs;
mod profiles;
mod refreshing;
mod sessions;
mod tickets;
mod vouched;
