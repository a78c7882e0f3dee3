//! Ports that a test has no use for.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use parlor::ports::{DropBox, DropBoxError, DropRef, Job, Jobs, JobsError, Mail, Mailer, MailerError};

#[derive(Debug)]
pub(crate) struct NoJobs;

#[async_trait]
impl Jobs for NoJobs {
    async fn enqueue(&self, _: Vec<(Job, Duration)>) -> Result<(), JobsError> {
        Ok(())
    }
}

#[derive(Debug)]
pub(crate) struct NoMailer;

#[async_trait]
impl Mailer for NoMailer {
    async fn send(&self, _: &Mail) -> Result<(), MailerError> {
        Ok(())
    }
}

#[derive(Debug)]
pub(crate) struct NoDrops;

#[async_trait]
impl DropBox for NoDrops {
    async fn read(&self, _: &DropRef, _: usize) -> Result<Option<Bytes>, DropBoxError> {
        Ok(None)
    }

    async fn remove(&self, _: &DropRef) -> Result<(), DropBoxError> {
        Ok(())
    }

    async fn reject(&self, _: &DropRef) -> Result<(), DropBoxError> {
        Ok(())
    }
}
