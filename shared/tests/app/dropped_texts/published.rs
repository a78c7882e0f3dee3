//! Sockets of which only a list is kept of what is published.

use std::sync::Mutex;

use async_trait::async_trait;
use parlor::ids::ConnectionId;
use parlor::ports::{Broadcast, ChannelError, Delivery, FanOut, Group, Sender};
use parlor::protocol::{Close, Dialect, Frame, Timestamp};
use tokio::sync::Notify;

use super::texts::Mood;

#[derive(Debug, Default)]
pub(crate) struct Published {
    pub(crate) sent: Mutex<Vec<(Group, String)>>,
    mood: Mutex<Mood>,
    pub(crate) hangs: Notify,
}

impl Published {
    pub(crate) fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

fn nowhere<T>() -> Result<T, ChannelError> {
    Err(ChannelError("nobody asks for this".into()))
}

#[async_trait]
impl Sender for Published {
    async fn publish(&self, group: &Group, broadcast: &Broadcast) -> Result<(), ChannelError> {
        let mood = *self.mood.lock().unwrap();
        if mood == Mood::Failing {
            return Err(ChannelError("out of order".into()));
        }
        let text = broadcast.frames.get(Dialect::Watch).unwrap();
        self.sent.lock().unwrap().push((group.clone(), text.as_str().to_owned()));
        if mood == Mood::Hanging {
            self.hangs.notify_one();
            std::future::pending::<()>().await;
        }
        Ok(())
    }

    async fn send(&self, _: &ConnectionId, _: &Frame) -> Result<Delivery, ChannelError> {
        nowhere()
    }

    async fn resume(&self, _: FanOut, _: &Broadcast, _: Option<Timestamp>) -> Result<(), ChannelError> {
        nowhere()
    }

    async fn close(&self, _: &ConnectionId, _: Close) -> Result<(), ChannelError> {
        nowhere()
    }
}
