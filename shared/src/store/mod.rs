//! Typed items over the [`Table`](crate::ports::Table) port: the only place where a key is spelled.

mod drops;
mod heartbeat_plan;
mod jobs;
mod media;
mod record;
mod sessions;
mod signing_keys;
mod users;

pub use drops::{DropClaim, DropLease, Drops};
pub use heartbeat_plan::HeartbeatPlan;
pub use jobs::{WaitingJob, WaitingJobs};
pub use media::Media;
pub use sessions::{Session, Sessions};
pub use signing_keys::{SigningKeyRecord, SigningKeys};
pub use users::{User, Users};
