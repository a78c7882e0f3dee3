//! Typed items over the [`Table`](crate::ports::Table) port: the only place where a key is spelled.

mod accounts;
mod counts;
mod feed;
mod jobs;
mod media;
mod record;
pub(crate) mod rooms;
mod sockets;
mod watch;
mod webhooks;

pub use accounts::*;
pub use counts::{Counted, Counts};
pub use feed::*;
pub use jobs::{MAX_ADDED, WaitingJob, WaitingJobs};
pub use media::*;
pub use rooms::*;
pub use sockets::*;
pub use watch::*;
pub use webhooks::*;
