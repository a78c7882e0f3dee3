//! A channel layer that only lists what is published.

use std::sync::Mutex;

use async_trait::async_trait;
use parlor::ids::{ConnectionId, UserId};
use parlor::ports::{ChannelError, ChannelLayer, Connection, Delivery, FanOut, Group, WelcomeLease};
use parlor::protocol::{Close, Frame, Timestamp};
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
impl ChannelLayer for Published {
    async fn publish(&self, group: &Group, frame: &Frame) -> Result<(), ChannelError> {
        let mood = *self.mood.lock().unwrap();
        if mood == Mood::Failing {
            return Err(ChannelError("out of order".into()));
        }
        self.sent.lock().unwrap().push((group.clone(), frame.as_str().to_owned()));
        if mood == Mood::Hanging {
            self.hangs.notify_one();
            std::future::pending::<()>().await;
        }
        Ok(())
    }

    async fn register(&self, _: &Connection) -> Result<(), ChannelError> {
        nowhere()
    }

    async fn connection(&self, _: &ConnectionId) -> Result<Option<Connection>, ChannelError> {
        nowhere()
    }

    async fn lease_welcome(&self, _: &ConnectionId) -> Result<WelcomeLease, ChannelError> {
        nowhere()
    }

    async fn release_welcome(&self, _: &ConnectionId) -> Result<(), ChannelError> {
        nowhere()
    }

    async fn welcomed(&self, _: &ConnectionId) -> Result<(), ChannelError> {
        nowhere()
    }

    async fn join(&self, _: &Group, _: &Connection) -> Result<bool, ChannelError> {
        nowhere()
    }

    async fn leave(&self, _: &Group, _: &Connection) -> Result<bool, ChannelError> {
        nowhere()
    }

    async fn confirm_left(&self, _: &Group, _: UserId) -> Result<bool, ChannelError> {
        nowhere()
    }

    async fn present(&self, _: &Group) -> Result<Vec<UserId>, ChannelError> {
        nowhere()
    }

    async fn is_occupied(&self, _: &Group) -> Result<bool, ChannelError> {
        nowhere()
    }

    async fn sockets(&self, _: &Group) -> Result<Vec<Connection>, ChannelError> {
        nowhere()
    }

    async fn send(&self, _: &ConnectionId, _: &Frame) -> Result<Delivery, ChannelError> {
        nowhere()
    }

    async fn fan_out(&self, _: FanOut, _: Option<Timestamp>) -> Result<(), ChannelError> {
        nowhere()
    }

    async fn close(&self, _: &ConnectionId, _: Close) -> Result<(), ChannelError> {
        nowhere()
    }

    async fn forget(&self, _: &ConnectionId) -> Result<Option<Connection>, ChannelError> {
        nowhere()
    }
}
