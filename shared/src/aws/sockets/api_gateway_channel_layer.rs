//! The ports of sockets on AWS: rows in the table, posts to `@connections`, and the queue for what is large or
//! has to wait.

mod fan_out;
mod presence;
mod rest;
mod sockets;
mod split;

#[cfg(test)]
#[cfg(all(feature = "embedded", feature = "testing"))]
mod tests;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::aws::ManagementApi;
use crate::aws::backoff::Backoff;
use crate::aws::management_api::Post;
use crate::aws::pace::Pace;
use crate::ids::{ConnectionId, UserId};
use crate::ports::{
    Absence, AbsenceCheck, Admission, Broadcast, ChannelError, Clock, Connection, Connections, Delivery,
    FanOut, Group, Groups, Jobs, JobsError, Joined, Present, Random, Sender, Table, TableError, WelcomeLease,
};
use crate::protocol::{Close, Frame, Timestamp};
use crate::store::{PresenceMarks, StoredConnections, StoredGroups};
use fan_out::Terms;
use rest::Rest;

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
/// * Of a large group, the sockets of the person whose doing it is are written to once the queue has the rest.
#[derive(Debug)]
pub struct ApiGatewayChannelLayer {
    table: Arc<dyn Table>,
    connections: StoredConnections,
    groups: StoredGroups,
    marks: PresenceMarks,
    jobs: Arc<dyn Jobs>,
    api: Arc<dyn Post>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
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
    pub fn on(
        table: Arc<dyn Table>,
        jobs: Arc<dyn Jobs>,
        api: Arc<dyn Post>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        posts_per_second: NonZeroU32,
    ) -> Self {
        Self {
            connections: StoredConnections::new(table.clone(), clock.clone()),
            groups: StoredGroups::new(table.clone(), clock.clone()),
            marks: PresenceMarks::new(table.clone(), clock.clone()),
            table,
            jobs,
            api,
            pace: Pace::new(clock.clone(), posts_per_second),
            backoff: Backoff::new(clock.clone(), random.clone()),
            clock,
            random,
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
impl Connections for ApiGatewayChannelLayer {
    async fn register(&self, connection: &Connection) -> Result<(), ChannelError> {
        Ok(self.connections.put(connection).await?)
    }

    async fn find(&self, id: &ConnectionId) -> Result<Option<Connection>, ChannelError> {
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

    async fn forget(&self, id: &ConnectionId) -> Result<Option<Connection>, ChannelError> {
        self.forget_socket(id, None).await
    }
}

#[async_trait]
impl Groups for ApiGatewayChannelLayer {
    async fn join(
        &self,
        group: &Group,
        connection: &Connection,
        admission: Option<&Admission>,
    ) -> Result<Joined, ChannelError> {
        Ok(self.join_group(group, connection, admission).await?)
    }

    async fn leave(&self, group: &Group, connection: &Connection) -> Result<(), ChannelError> {
        self.leave_group(group, connection).await
    }

    async fn present(&self, group: &Group, user: Option<UserId>) -> Result<Vec<Present>, ChannelError> {
        match group.room() {
            Some(room) => Ok(self.marks.present(room, user).await?),
            None => Ok(Vec::new()),
        }
    }

    async fn is_occupied(&self, group: &Group) -> Result<bool, ChannelError> {
        Ok(self.groups.is_occupied(group).await?)
    }

    async fn sockets(&self, group: &Group, user: Option<UserId>) -> Result<Vec<Connection>, ChannelError> {
        Ok(self.sockets_in(group, user).await?)
    }

    async fn confirm_left(
        &self,
        group: &Group,
        user: UserId,
        check: Option<&AbsenceCheck>,
    ) -> Result<Absence, ChannelError> {
        Ok(self.confirm_absence(group, user, check).await?)
    }
}

#[async_trait]
impl Sender for ApiGatewayChannelLayer {
    async fn send(&self, id: &ConnectionId, frame: &Frame) -> Result<Delivery, ChannelError> {
        self.send_to(id, frame).await
    }

    async fn send_first(&self, id: &ConnectionId, frame: &Frame) -> Result<Delivery, ChannelError> {
        self.send_first_to(id, frame).await
    }

    async fn publish(&self, group: &Group, broadcast: &Broadcast) -> Result<(), ChannelError> {
        self.publish_to(group, broadcast).await
    }

    async fn resume(
        &self,
        part: FanOut,
        broadcast: &Broadcast,
        until: Option<Timestamp>,
    ) -> Result<(), ChannelError> {
        let (rest, content) = Rest::of(part)?;
        match rest {
            Rest::Group { group, after } => self.split(&group, after, (broadcast, &content), until).await,
            Rest::Members { group, rows, failing } => {
                // Who has left meanwhile gets nothing more.
                let rows = self.groups.existing(&group, &rows).await?;
                self.deliver(&group, rows, (broadcast, &content), Terms { failing, until }).await
            }
            Rest::Socket { connection, dialect, failing } => {
                self.resume_socket(&connection, dialect, failing, (broadcast, content)).await
            }
            Rest::End { connection } => self.resume_end(&connection, broadcast).await,
        }
    }

    async fn close(&self, id: &ConnectionId, reason: Close) -> Result<(), ChannelError> {
        self.end(id, reason).await
    }
}
