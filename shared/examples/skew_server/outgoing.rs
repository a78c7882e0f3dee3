//! What goes out to sockets: collected, since the network is somebody else's.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use parlor::ids::ConnectionId;
use parlor::ports::{Broadcast, ChannelError, Delivery, FanOut, Group, Groups, Sender};
use parlor::protocol::{Close, Frame, Timestamp};
use serde::Serialize;

/// A frame that was sent.
#[derive(Debug, Serialize)]
pub(crate) struct Sent {
    socket: String,
    text: String,
}

/// A [`Sender`] that writes down what it is to send.
#[derive(Debug)]
pub(crate) struct Outgoing {
    groups: Arc<dyn Groups>,
    sent: Mutex<Vec<Sent>>,
}

impl Outgoing {
    pub(crate) fn new(groups: Arc<dyn Groups>) -> Self {
        Self { groups, sent: Mutex::default() }
    }

    pub(crate) fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, id: &ConnectionId, frame: &Frame) {
        let sent = Sent { socket: id.to_string(), text: frame.as_str().to_owned() };
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(sent);
    }
}

#[async_trait]
impl Sender for Outgoing {
    async fn send(&self, id: &ConnectionId, frame: &Frame) -> Result<Delivery, ChannelError> {
        self.note(id, frame);
        Ok(Delivery::Sent)
    }

    async fn publish(&self, group: &Group, broadcast: &Broadcast) -> Result<(), ChannelError> {
        for socket in self.groups.sockets(group, None).await? {
            if let Some(frame) = broadcast.frame_for(socket.user(), socket.dialect) {
                self.note(&socket.id, frame);
            }
        }
        Ok(())
    }

    async fn resume(&self, _: FanOut, _: &Broadcast, _: Option<Timestamp>) -> Result<(), ChannelError> {
        Err(ChannelError("no part of a fan-out is ever queued".into()))
    }

    async fn close(&self, id: &ConnectionId, reason: Close) -> Result<(), ChannelError> {
        Err(ChannelError(format!("{id} was closed: {}", reason.name()).into()))
    }
}
