//! Names of invocations.

use parlor::ports::Random;
use parlor::system::OsRandom;

/// A new name for a request, as Lambda makes them up.
pub(in crate::lambda) fn new_request_id() -> String {
    let mut bytes = [0; 16];
    OsRandom.fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
