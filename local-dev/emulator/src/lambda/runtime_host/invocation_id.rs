//! Names of invocations.

use parlor::ports::Random;
use parlor::protocol::Timestamp;
use parlor::system::OsRandom;

/// A new name for a request, as Lambda makes them up.
pub(in crate::lambda) fn new_request_id() -> String {
    let mut bytes = [0; 16];
    OsRandom.fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// A new X-Ray trace, which nobody records.
pub(in crate::lambda) fn new_trace(now: Timestamp) -> String {
    let mut bytes = [0; 12];
    OsRandom.fill(&mut bytes);
    let random: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("Root=1-{:08x}-{random};Sampled=0", now.as_secs())
}
