//! A sender whose failures are counted.

use std::sync::Arc;

use async_trait::async_trait;

use crate::ids::ConnectionId;
use crate::ports::{Broadcast, ChannelError, Delivery, FanOut, Group, Happening, LiveCounts, Sender};
use crate::protocol::{Close, Frame, Timestamp};

/// Another sender; what it fails to send is noted for admins.
#[derive(Debug)]
pub(in crate::app) struct CountedSender {
    sender: Arc<dyn Sender>,
    live: Arc<dyn LiveCounts>,
}

impl CountedSender {
    /// This sender, counted there.
    pub(in crate::app) fn new(sender: Arc<dyn Sender>, live: Arc<dyn LiveCounts>) -> Self {
        Self { sender, live }
    }

    async fn counted<T>(&self, sent: Result<T, ChannelError>) -> Result<T, ChannelError> {
        if sent.is_err() {
            self.live.note(Happening::DeliveryError).await;
        }
        sent
    }
}

#[async_trait]
impl Sender for CountedSender {
    async fn send(&self, id: &ConnectionId, frame: &Frame) -> Result<Delivery, ChannelError> {
        self.counted(self.sender.send(id, frame).await).await
    }

    async fn send_first(&self, id: &ConnectionId, frame: &Frame) -> Result<Delivery, ChannelError> {
        self.counted(self.sender.send_first(id, frame).await).await
    }

    async fn publish(&self, group: &Group, broadcast: &Broadcast) -> Result<(), ChannelError> {
        self.counted(self.sender.publish(group, broadcast).await).await
    }

    async fn resume(
        &self,
        part: FanOut,
        broadcast: &Broadcast,
        until: Option<Timestamp>,
    ) -> Result<(), ChannelError> {
        self.counted(self.sender.resume(part, broadcast, until).await).await
    }

    async fn close(&self, id: &ConnectionId, reason: Close) -> Result<(), ChannelError> {
        self.sender.close(id, reason).await
    }
}
