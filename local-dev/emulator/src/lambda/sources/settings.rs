//! How the event sources behave where AWS lets nobody choose.

use std::time::Duration;

use super::sqs::SqsLimits;

/// How the event sources behave where AWS lets nobody choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceSettings {
    /// The pauses before an asynchronous invocation that failed is tried again; the last one counts for all further
    /// ones.
    pub retry_pauses: Vec<Duration>,
    /// The most asynchronous events that are kept: running, waiting, or waiting to be tried again.
    pub queued_events: usize,
    /// The most invocations that run at the same time, for each queue without a limit of its own and for all
    /// asynchronous events together.
    pub concurrency: usize,
    /// What the queues put up with.
    pub sqs: SqsLimits,
}

/// As on AWS, but for the sizes of a laptop.
impl Default for SourceSettings {
    fn default() -> Self {
        Self {
            retry_pauses: vec![Duration::from_secs(60), Duration::from_secs(120)],
            queued_events: 10_000,
            concurrency: 100,
            sqs: SqsLimits::default(),
        }
    }
}
