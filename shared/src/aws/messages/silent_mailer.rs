//! What stands behind the `Mailer` port where a deployment has no address to write from.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;

use crate::ports::{Mail, Mailer, MailerError};

/// Sends nothing, and says why, once.
#[derive(Debug, Default)]
pub(in crate::aws) struct SilentMailer {
    has_said_so: AtomicBool,
}

#[async_trait]
impl Mailer for SilentMailer {
    async fn send(&self, _: &Mail) -> Result<(), MailerError> {
        if !self.has_said_so.swap(true, Ordering::Relaxed) {
            tracing::warn!("no mail is sent: the stack's parameter MailFrom is empty");
        }
        Ok(())
    }
}
