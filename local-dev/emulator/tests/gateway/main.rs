//! The gateway over real sockets: what AWS does, line by line.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod closing;
mod frames;
mod greedy_clients;
mod handshake;
mod listener;
mod management;
mod messages;
mod shown_headers;
mod slow_readers;
mod support;
