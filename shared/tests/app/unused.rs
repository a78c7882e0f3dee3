//! Ports that a test has no use for.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use parlor::domain::provider::Provider;
use parlor::ports::{
    DropBox, DropBoxError, DropRef, IdentityError, IdentityProviders, Job, Jobs, JobsError, Mail, Mailer,
    MailerError, ProvenIdentity, ProviderVisit,
};

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

/// What a deployment has that sets up no provider.
#[derive(Debug)]
pub(crate) struct NoProviders;

#[async_trait]
impl IdentityProviders for NoProviders {
    async fn verify_id_token(&self, _: Provider, _: &str) -> Result<ProvenIdentity, IdentityError> {
        Err(IdentityError::NotOffered)
    }

    async fn look_up_access_token(&self, _: Provider, _: &str) -> Result<ProvenIdentity, IdentityError> {
        Err(IdentityError::NotOffered)
    }

    async fn begin(&self, _: Provider, _: &ProviderVisit) -> Result<String, IdentityError> {
        Err(IdentityError::NotOffered)
    }

    async fn finish(&self, _: Provider, _: &ProviderVisit, _: &str) -> Result<ProvenIdentity, IdentityError> {
        Err(IdentityError::NotOffered)
    }
}
