//! Names as AWS writes them, for an account and a region that are nobody's.

use parlor::ports::Random;
use parlor::system::OsRandom;
use uuid::Builder;

/// The account that everything here belongs to.
pub(super) const ACCOUNT: &str = "000000000000";
/// The region that everything here lies in.
pub(super) const REGION: &str = "us-east-1";

/// A queue's name of names.
pub(super) fn queue_arn(name: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")
}

/// A function's name of names, in its newest version.
pub(super) fn function_arn(name: &str) -> String {
    format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}:$LATEST")
}

/// A bucket's name of names.
pub(super) fn bucket_arn(name: &str) -> String {
    format!("arn:aws:s3:::{name}")
}

/// A schedule's name of names.
pub(super) fn schedule_arn(name: &str) -> String {
    format!("arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/{name}")
}

/// A new name for a message, a request or an event.
pub(super) fn new_uuid() -> String {
    let mut bytes = [0; 16];
    OsRandom.fill(&mut bytes);
    Builder::from_random_bytes(bytes).into_uuid().to_string()
}
