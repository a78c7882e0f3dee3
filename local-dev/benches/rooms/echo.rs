//! Pings on the feed of local-dev, each answered by the function behind it, beside a bare server that sends back as many bytes.

use crate::Failure;
use crate::crowd::{Crowd, Load};
use crate::server::{Limits, Server};
use crate::talk::{Aim, compare};

const SOCKETS: usize = 100;
const PINGS: Aim = Aim {
    what: "pings on 100 sockets of the feed",
    load: Load { in_flight: 1, messages: 100_000, in_turn: false },
    limit: 0.8,
};

/// Prints it; answers whether it is within the limit.
pub(crate) fn measure() -> Result<bool, Failure> {
    let server = Server::start(0, Limits::Lifted)?;
    let ours = Crowd::speaking(server.open_feed(SOCKETS)?, 1, ping)?;
    compare(&PINGS, ours, (SOCKETS, 1))
}

fn ping(_: usize, text: &str) -> String {
    format!(r#"{{"type":"ping","timestamp":"{text}"}}"#)
}
