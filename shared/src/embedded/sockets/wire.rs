//! What an outbox writes to.

use std::fmt::Debug;
use std::io::{self, IoSlice};

use async_trait::async_trait;

/// The sending half of a socket, usable from several tasks at once and never blocking.
#[async_trait]
pub trait Wire: Debug + Send + Sync {
    /// Writes as much as the socket takes at once; [`io::ErrorKind::WouldBlock`] if that is nothing.
    fn try_write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize>;

    /// Returns when the socket may take more.
    async fn writable(&self) -> io::Result<()>;

    /// Tells the peer that nothing more will come.
    fn finish(&self);

    /// Ends the socket in both directions, so that its reader sees the end too.
    fn abort(&self);
}
