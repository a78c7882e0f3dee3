//! The whole of it, over real ports and with real clients.
//!
//! Scenarios are told about a [`target::Target`] by what clients see of it: URLs, its drop box, its limits. `PARLOR_TARGET`
//! says which one they run against. What is about the program local-dev alone stands in `local_dev`.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "what a scenario cannot do is its failure")]
#![expect(unreachable_pub, reason = "these modules make up one program, of which nothing is published")]

mod accounts;
mod admins;
mod bad_input;
mod broadcast_feed;
mod client;
mod clients;
mod conversations;
mod cross_origin;
mod described;
mod direct_uploads;
mod documented_requests;
mod faults;
mod local_dev;
mod mail;
mod media;
mod pictures;
mod rooms;
mod social;
mod target;
mod watching;
