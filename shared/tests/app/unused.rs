//! A port that a test has no use for.

use std::time::Duration;

use async_trait::async_trait;
use parlor::ports::{DeadLetters, DeadLettersError, Job, Jobs, JobsError};

/// A queue whose jobs nobody does.
#[derive(Debug)]
pub(crate) struct NoJobs;

#[async_trait]
impl Jobs for NoJobs {
    async fn enqueue(&self, _: Vec<(Job, Duration)>) -> Result<(), JobsError> {
        Ok(())
    }
}

#[async_trait]
impl DeadLetters for NoJobs {
    async fn count(&self) -> Result<u64, DeadLettersError> {
        Ok(0)
    }
}
