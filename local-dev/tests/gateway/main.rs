//! The gateway over real sockets: what AWS does, line by line.

mod closing;
mod frames;
mod handshake;
mod listener;
mod management;
mod messages;
mod slow_readers;
mod support;
