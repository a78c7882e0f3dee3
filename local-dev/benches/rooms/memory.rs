//! What an idle socket in a room costs: resident memory of local-dev before and after thousands of them have been opened beside
//! as many.

use std::time::Duration;

use crate::server::{Limits, Server};
use crate::{Failure, verdict};

const ROOMS: usize = 100;
const SOCKETS: usize = 5000;
/// So many are opened first: they take what memory is free, such as that in which passwords were hashed.
const EARLIER: usize = 4000;
/// The limit, in bytes for each socket.
const LIMIT: f64 = 6144.0;
/// Until all of them have been greeted, and what that took is given back.
const SETTLING: Duration = Duration::from_secs(8);

/// Prints it; answers whether it is within the limit.
#[expect(
    clippy::disallowed_methods,
    reason = "memory is looked at when nothing happens: there is nothing to wait for"
)]
pub(crate) fn measure() -> Result<bool, Failure> {
    let server = Server::start(ROOMS, Limits::Lifted)?;
    let first = server.open(EARLIER / ROOMS)?;
    std::thread::sleep(SETTLING);
    let before = server.resident_bytes()?;
    let sockets = server.open(SOCKETS / ROOMS)?;
    std::thread::sleep(SETTLING);
    let after = server.resident_bytes()?;
    let each = after.saturating_sub(before) as f64 / sockets.len() as f64;
    drop((first, sockets));
    let passed = each <= LIMIT;
    let verdict = verdict(passed);
    println!(
        "{SOCKETS} more idle sockets in rooms: {each:.0} bytes resident each, at most {LIMIT:.0}: {verdict}"
    );
    Ok(passed)
}
