//! One socket: writing to it, ending it, forgetting it.

use futures_util::future::try_join_all;

use super::{ApiGatewayChannelLayer, BEING_BORN};
use crate::aws::backoff::ATTEMPTS;
use crate::aws::management_api::Posted;
use crate::ids::{ConnectionId, RoomCode};
use crate::ports::{ChannelError, Connection, Delivery, Endpoint, Group, TableError};
use crate::protocol::{Close, Dialect, Event, Frame};
use crate::store::GroupRow;

/// The group that a socket belongs to by what it serves.
fn home(connection: &Connection) -> Group {
    match connection.endpoint {
        Endpoint::Feed => Group::Feed,
    }
}

/// All groups in which a socket may have rows.
fn groups_of(connection: &Connection, rooms: Vec<RoomCode>) -> Vec<Group> {
    let own = connection.identity.as_ref().map(|identity| Group::User(identity.user));
    let rooms = rooms.into_iter().map(Group::Room);
    own.into_iter().chain([home(connection)]).chain(rooms).collect()
}

impl ApiGatewayChannelLayer {
    pub(super) async fn send_to(&self, id: &ConnectionId, frame: &Frame) -> Result<Delivery, ChannelError> {
        self.pace.turn().await;
        match self.api.post(id, frame).await {
            Posted::Sent => Ok(Delivery::Sent),
            Posted::Gone => self.send_to_gone(id, frame).await,
            Posted::Busy => self.send_later(id, frame).await,
            Posted::Failed(cause) => Err(ChannelError(cause)),
        }
    }

    /// A socket that is still being born gets the message a little later; one that is dead is forgotten.
    async fn send_to_gone(&self, id: &ConnectionId, frame: &Frame) -> Result<Delivery, ChannelError> {
        if self.may_be_unborn(id).await? {
            return self.send_later(id, frame).await;
        }
        self.forget_socket(id).await?;
        Ok(Delivery::Gone)
    }

    async fn send_later(&self, id: &ConnectionId, frame: &Frame) -> Result<Delivery, ChannelError> {
        let Some(connection) = self.connections.get(id).await? else {
            return Ok(Delivery::Gone);
        };
        let row = GroupRow::of(&connection);
        self.requeue(&home(&connection), vec![row], frame, Some(self.clock.now().as_secs())).await?;
        Ok(Delivery::Sent)
    }

    async fn may_be_unborn(&self, id: &ConnectionId) -> Result<bool, TableError> {
        let connection = self.connections.get(id).await?;
        let now = self.clock.now();
        Ok(connection.is_some_and(|connection| now.since(connection.connected_at) < BEING_BORN))
    }

    /// Says why, ends the socket, forgets it. If it cannot be ended now it is not forgotten either.
    pub(super) async fn end(&self, id: &ConnectionId, reason: Close) -> Result<(), ChannelError> {
        if let Some(frame) = Event::closing(reason).frame(Dialect::Feed) {
            // Whatever becomes of the reason: what counts is the end.
            self.api.post(id, &frame).await;
        }
        for attempt in 0..ATTEMPTS {
            let is_last = attempt + 1 == ATTEMPTS;
            match self.api.delete(id).await {
                Posted::Failed(cause) => return Err(ChannelError(cause)),
                Posted::Busy if is_last => return Err(ChannelError("a socket could not be ended".into())),
                Posted::Busy => {}
                Posted::Gone if !is_last && self.may_be_unborn(id).await? => {}
                Posted::Sent | Posted::Gone => break,
            }
            self.backoff.pause(attempt).await;
        }
        self.forget_socket(id).await?;
        Ok(())
    }

    /// The sockets that have rows in a group.
    pub(super) async fn sockets_in(&self, group: &Group) -> Result<Vec<Connection>, TableError> {
        let rows = self.groups.rows(group, usize::MAX).await?.unwrap_or_default();
        let ids: Vec<_> = rows.iter().filter_map(GroupRow::connection).collect();
        let found = try_join_all(ids.iter().map(|id| self.connections.get(id))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Removes the rows of a socket, that of the connection last: as long as it is there, this can be done again.
    pub(super) async fn forget_socket(&self, id: &ConnectionId) -> Result<Option<Connection>, TableError> {
        let Some((connection, rooms)) = self.connections.get_with_rooms(id).await? else {
            return Ok(None);
        };
        let groups = groups_of(&connection, rooms);
        try_join_all(groups.iter().map(|group| self.groups.remove(group, &connection))).await?;
        self.connections.remove(id).await
    }
}
