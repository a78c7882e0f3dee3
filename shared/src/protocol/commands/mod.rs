//! What clients say on sockets: an enum for each kind of endpoint.

mod feed;

pub use feed::Command;
