//! Typed items over the [`Table`](crate::ports::Table) port: the only place where a key is spelled.

mod accounts;
mod connections;
mod counts;
mod drops;
mod group_pages;
mod groups;
mod heartbeat_plan;
mod jobs;
mod latches;
mod links;
mod media;
mod pictures;
mod record;
mod sessions;
mod signing_keys;
mod tickets;
mod uploads;
mod users;

pub use accounts::{Accounts, NameTaken, PersonRow, Secrets};
pub use connections::Connections;
pub use counts::Counts;
pub use drops::{DropClaim, DropLease, Drops};
pub use group_pages::GroupPages;
pub use groups::{GroupRow, Groups, Removal};
pub use heartbeat_plan::HeartbeatPlan;
pub use jobs::{MAX_ADDED, WaitingJob, WaitingJobs};
pub use latches::Latches;
pub use links::{Link, Links};
pub use media::Media;
pub use pictures::Pictures;
pub use sessions::{Session, Sessions};
pub use signing_keys::{SigningKeyRecord, SigningKeys};
pub use tickets::Tickets;
pub use uploads::{PendingUpload, Uploads};
pub use users::{User, Users};
