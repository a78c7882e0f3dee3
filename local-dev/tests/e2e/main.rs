//! The whole of it, over real ports and with real clients. Scenarios know a [`target::Target`] by its URLs and its drop
//! box alone, so that other targets than local-dev can run them, too.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "what a scenario cannot do is its failure")]
#![expect(unreachable_pub, reason = "these modules make up one program, of which nothing is published")]

mod bad_input;
mod broadcast_feed;
mod client;
mod cross_origin;
mod direct_uploads;
mod durability;
mod media;
mod process;
mod target;
