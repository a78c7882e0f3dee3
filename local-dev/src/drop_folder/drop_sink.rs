//! Where claimed texts go.

use async_trait::async_trait;
use parlor::app::{App, broadcast_drop};
use parlor::ports::{Cause, DropRef};

/// Sends claimed texts.
#[async_trait]
pub trait DropSink: Send + Sync {
    /// Deals with a text for good: sends it and takes it away, or puts it aside. After an error it is still there, and
    /// is brought again.
    async fn send(&self, drop: &DropRef) -> Result<(), Cause>;
}

#[async_trait]
impl DropSink for App {
    async fn send(&self, drop: &DropRef) -> Result<(), Cause> {
        broadcast_drop(self, drop).await?;
        Ok(())
    }
}
