//! Use cases, with time in the tests' own hands.

mod accounts;
mod admins;
mod browser_sign_in;
mod console;
mod direct_uploads;
mod feed;
mod heartbeats;
mod house;
mod kept_mails;
mod key_rotation;
mod limits;
mod listed_jobs;
mod profiles;
mod refreshing;
mod reset_password;
mod sessions;
mod tickets;
mod verify_email;
mod vouched;
