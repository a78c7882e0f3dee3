//! The `ChannelLayer` port on AWS: rows in the table, posts to `@connections`, and the queue for what is large or
//! has to wait.

mod fan_out;
mod presence;
mod sockets;
mod split;

#[cfg(test)]
mod tests;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::ManagementApi;
use super::backoff::Backoff;
use super::management_api::Post;
use super::pace::Pace;
use crate::ids::{ConnectionId, UserId};
use crate::ports::{
    ChannelError, ChannelLayer, Clock, Connection, Delivery, FanOut, Group, Jobs, JobsError, Random, Table,
    TableError, WelcomeLease,
};
use crate::protocol::{Close, Frame, Timestamp};
use crate::store::{Connections, GroupRow, Groups, Latches};
use fan_out::Terms;

/// How long a socket may be in the making: API Gateway says of it what it says of a dead one.
const BEING_BORN: Duration = Duration::from_secs(30);

/// Sockets of an API Gateway WebSocket API.
///
/// * Up to 300 sockets are written to at once; a larger group goes to the queue before anything is sent, and is split
///   there into pieces of 100.
/// * A socket that cannot take a message now (429, 5xx) gets it through the queue a few seconds later, it alone; one
///   that has kept failing for 30 s, while others did not, is closed.
/// * Whoever runs out of time leaves the sockets that are still waiting to the queue: a publish after 10 s, a piece of a
///   fan-out or the splitting of a group when its worker has to stop.
/// * Presence is tracked in rooms: nowhere else does anybody ask.
#[derive(Debug)]
pub struct ApiGatewayChannelLayer {
    connections: Connections,
    groups: Groups,
    latches: Latches,
    jobs: Arc<dyn Jobs>,
    api: Arc<dyn Post>,
    clock: Arc<dyn Clock>,
    backoff: Backoff,
    pace: Pace,
}

impl ApiGatewayChannelLayer {
    /// A layer on that API, which writes to at most so many sockets per second.
    pub fn new(
        table: Arc<dyn Table>,
        jobs: Arc<dyn Jobs>,
        api: ManagementApi,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        posts_per_second: NonZeroU32,
    ) -> Self {
        Self::on(table, jobs, Arc::new(api), clock, random, posts_per_second)
    }

    /// The same on anything that can be posted to.
    pub(crate) fn on(
        table: Arc<dyn Table>,
        jobs: Arc<dyn Jobs>,
        api: Arc<dyn Post>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        posts_per_second: NonZeroU32,
    ) -> Self {
        Self {
            connections: Connections::new(table.clone(), clock.clone()),
            groups: Groups::new(table.clone(), clock.clone()),
            latches: Latches::new(table, clock.clone()),
            jobs,
            api,
            pace: Pace::new(clock.clone(), posts_per_second),
            backoff: Backoff::new(clock.clone(), random),
            clock,
        }
    }
}

impl From<TableError> for ChannelError {
    fn from(error: TableError) -> Self {
        Self(Box::new(error))
    }
}

impl From<JobsError> for ChannelError {
    fn from(error: JobsError) -> Self {
        Self(Box::new(error))
    }
}

#[async_trait]
impl ChannelLayer for ApiGatewayChannelLayer {
    async fn register(&self, connection: &Connection) -> Result<(), ChannelError> {
        Ok(self.connections.put(connection).await?)
    }

    async fn connection(&self, id: &ConnectionId) -> Result<Option<Connection>, ChannelError> {
        Ok(self.connections.get(id).await?)
    }

    async fn lease_welcome(&self, id: &ConnectionId) -> Result<WelcomeLease, ChannelError> {
        Ok(self.connections.lease_welcome(id).await?)
    }

    async fn release_welcome(&self, id: &ConnectionId) -> Result<(), ChannelError> {
        Ok(self.connections.release_welcome(id).await?)
    }

    async fn welcomed(&self, id: &ConnectionId) -> Result<(), ChannelError> {
        Ok(self.connections.welcomed(id).await?)
    }

    async fn join(&self, group: &Group, connection: &Connection) -> Result<bool, ChannelError> {
        Ok(self.join_group(group, connection).await?)
    }

    async fn leave(&self, group: &Group, connection: &Connection) -> Result<bool, ChannelError> {
        Ok(self.leave_group(group, connection).await?)
    }

    async fn confirm_left(&self, group: &Group, user: UserId) -> Result<bool, ChannelError> {
        Ok(self.confirm_absence(group, user).await?)
    }

    async fn present(&self, group: &Group) -> Result<Vec<UserId>, ChannelError> {
        Ok(self.present_in(group).await?)
    }

    async fn is_occupied(&self, group: &Group) -> Result<bool, ChannelError> {
        Ok(self.groups.is_occupied(group).await?)
    }

    async fn sockets(&self, group: &Group) -> Result<Vec<Connection>, ChannelError> {
        Ok(self.sockets_in(group).await?)
    }

    async fn send(&self, id: &ConnectionId, frame: &Frame) -> Result<Delivery, ChannelError> {
        self.send_to(id, frame).await
    }

    async fn publish(&self, group: &Group, frame: &Frame) -> Result<(), ChannelError> {
        self.publish_to(group, frame).await
    }

    async fn fan_out(&self, piece: FanOut, until: Option<Timestamp>) -> Result<(), ChannelError> {
        match piece {
            FanOut::Group { group, frame, after } => {
                self.split(&group, after.map(GroupRow), &frame, until).await
            }
            FanOut::Sockets { group, rows, frame, failing_since } => {
                let rows: Vec<_> = rows.into_iter().map(GroupRow).collect();
                // Who has left meanwhile gets nothing more.
                let rows = self.groups.existing(&group, &rows).await?;
                self.deliver(&group, rows, &frame, Terms { failing_since, until }).await
            }
        }
    }

    async fn close(&self, id: &ConnectionId, reason: Close) -> Result<(), ChannelError> {
        self.end(id, reason).await
    }

    async fn forget(&self, id: &ConnectionId) -> Result<Option<Connection>, ChannelError> {
        Ok(self.forget_socket(id).await?)
    }
}
