//! One socket: writing to it, ending it, forgetting it.

use futures_util::future::try_join_all;

use super::rest::{Failing, Rest};
use super::{ApiGatewayChannelLayer, BEING_BORN};
use crate::aws::backoff::ATTEMPTS;
use crate::aws::management_api::Posted;
use crate::ids::{ConnectionId, UserId};
use crate::ports::{Broadcast, ChannelError, Connection, Content, Delivery, Group, TableError};
use crate::protocol::{Close, Dialect, Event, Frame, Frames};
use crate::store::{GroupRow, RoomsOfSocket, SocketRemoval};

/// How often a socket that joins rooms meanwhile is tried to be forgotten at once.
const ROUNDS: usize = 8;

/// All groups in which a socket may have rows.
fn groups_of(socket: &RoomsOfSocket) -> Vec<Group> {
    let RoomsOfSocket { connection, rooms, .. } = socket;
    let own = connection.user().map(Group::User);
    let home = connection.home().filter(|home| !rooms.iter().any(|room| home.room() == Some(room)));
    own.into_iter().chain(home).chain(rooms.iter().cloned().map(Group::Room)).collect()
}

impl ApiGatewayChannelLayer {
    pub(super) async fn send_to(&self, id: &ConnectionId, frame: &Frame) -> Result<Delivery, ChannelError> {
        let content = || Broadcast::same(frame.clone()).content();
        // Every dialect's frame is this one.
        self.write_to(id, Dialect::Feed, frame, None, content).await
    }

    /// The same, but a socket that is not open yet, nor is in a moment, gets nothing.
    pub(super) async fn send_first_to(
        &self,
        id: &ConnectionId,
        frame: &Frame,
    ) -> Result<Delivery, ChannelError> {
        for attempt in 0..ATTEMPTS {
            self.pace.turn().await;
            let posted = self.api.post(id, frame).await;
            if !matches!(posted, Posted::Gone) || !self.may_be_unborn(id).await? {
                let content = || Broadcast::same(frame.clone()).content();
                return self.settle(posted, (id, Dialect::Feed), None, content).await;
            }
            self.backoff.pause(attempt).await;
        }
        Ok(Delivery::NotYet)
    }

    /// Writes to one socket, whatever it is a member of. One that can't take it now, or not yet, gets it a little later;
    /// one that is dead is forgotten; one that has kept failing is closed.
    pub(super) async fn write_to(
        &self,
        id: &ConnectionId,
        dialect: Dialect,
        frame: &Frame,
        failing: Option<Failing>,
        content: impl FnOnce() -> Content,
    ) -> Result<Delivery, ChannelError> {
        self.pace.turn().await;
        let posted = self.api.post(id, frame).await;
        self.settle(posted, (id, dialect), failing, content).await
    }

    /// Does what follows from a post.
    async fn settle(
        &self,
        posted: Posted,
        (id, dialect): (&ConnectionId, Dialect),
        failing: Option<Failing>,
        content: impl FnOnce() -> Content,
    ) -> Result<Delivery, ChannelError> {
        let now = self.clock.now().as_secs();
        let failing = Failing::again(failing, now);
        let is_late = match posted {
            Posted::Sent => return Ok(Delivery::Sent),
            Posted::Failed(cause) => return Err(ChannelError(cause)),
            Posted::Gone if !self.may_be_unborn(id).await? => {
                self.forget_socket(id, None).await?;
                return Ok(Delivery::Gone);
            }
            Posted::Busy if self.connections.get(id).await?.is_none() => return Ok(Delivery::Gone),
            Posted::Gone => false,
            Posted::Busy => failing.is_too_much(now),
        };
        if is_late {
            self.end(id, Close::TooSlow).await?;
            return Ok(Delivery::Gone);
        }
        let rest = Rest::Socket { connection: id.clone(), dialect, failing };
        self.jobs.enqueue(vec![(rest.job(content())?, self.short_pause())]).await?;
        Ok(Delivery::Sent)
    }

    /// Goes on with a message for one socket: what it was sent alone, or the copy of the person whose doing it is.
    pub(super) async fn resume_socket(
        &self,
        id: &ConnectionId,
        dialect: Dialect,
        failing: Failing,
        (broadcast, content): (&Broadcast, Content),
    ) -> Result<(), ChannelError> {
        let frames = broadcast.own_frames().unwrap_or(&broadcast.frames);
        if let Some(frame) = frames.get(dialect) {
            self.write_to(id, dialect, frame, Some(failing), || content).await?;
        }
        Ok(())
    }

    pub(super) async fn may_be_unborn(&self, id: &ConnectionId) -> Result<bool, TableError> {
        let connection = self.connections.get(id).await?.filter(|_| !planted!(NewbornIsDead));
        let now = self.clock.now();
        Ok(connection.is_some_and(|connection| now.since(connection.connected_at) < BEING_BORN))
    }

    /// Says why, ends the socket, forgets it. If it cannot be ended now it is not forgotten either.
    pub(super) async fn end(&self, id: &ConnectionId, reason: Close) -> Result<(), ChannelError> {
        let frame = Event::closing(reason).frame(Dialect::Feed);
        self.end_saying(id, frame.as_ref()).await
    }

    /// Ends a socket that was not open yet when it was to be ended, if it is known still.
    pub(super) async fn resume_end(
        &self,
        id: &ConnectionId,
        broadcast: &Broadcast,
    ) -> Result<(), ChannelError> {
        match self.connections.get(id).await? {
            Some(_) => self.end_saying(id, broadcast.frames.get(Dialect::Feed)).await,
            None => Ok(()),
        }
    }

    async fn end_saying(&self, id: &ConnectionId, frame: Option<&Frame>) -> Result<(), ChannelError> {
        if let Some(frame) = frame {
            // Whatever becomes of the reason: what counts is the end.
            self.api.post(id, frame).await;
        }
        for attempt in 0..ATTEMPTS {
            let is_last = attempt + 1 == ATTEMPTS;
            match self.api.delete(id).await {
                Posted::Failed(cause) => return Err(ChannelError(cause)),
                Posted::Busy if is_last => return Err(ChannelError("a socket could not be ended".into())),
                Posted::Busy => {}
                Posted::Gone if self.may_be_unborn(id).await? => {
                    if is_last {
                        return self.end_later(id, frame).await;
                    }
                }
                Posted::Sent | Posted::Gone => break,
            }
            self.backoff.pause(attempt).await;
        }
        self.forget_socket(id, None).await?;
        Ok(())
    }

    /// A socket that is not open yet hears nothing from now on, and is ended once it is open, or is known to be dead.
    async fn end_later(&self, id: &ConnectionId, frame: Option<&Frame>) -> Result<(), ChannelError> {
        let Some(socket) = self.connections.get_with_rooms(id).await? else { return Ok(()) };
        let frames = frame.map_or(Frames::none(), |frame| Frames::same(frame.clone()));
        let rest = Rest::End { connection: id.clone() };
        let job = rest.job(Broadcast::new(frames).content())?;
        // First, since nobody finds it any more once its rows are gone.
        self.jobs.enqueue(vec![(job, self.short_pause())]).await?;
        self.leave_all(&socket.connection, groups_of(&socket), None).await
    }

    /// The sockets that have rows in a group: everybody's, or one person's.
    pub(super) async fn sockets_in(
        &self,
        group: &Group,
        user: Option<UserId>,
    ) -> Result<Vec<Connection>, TableError> {
        let rows = match user {
            Some(user) => self.groups.rows_of(group, user).await?,
            None => self.groups.rows(group, usize::MAX).await?.unwrap_or_default(),
        };
        let ids: Vec<_> = rows.iter().filter_map(GroupRow::connection).collect();
        self.connections.get_all(&ids).await
    }

    /// Removes the rows of a socket, that of the connection last: as long as it is there, this can be done again. Where
    /// it joins a room meanwhile, that row goes first too. One group's row may be gone already.
    pub(super) async fn forget_socket(
        &self,
        id: &ConnectionId,
        mut but: Option<&Group>,
    ) -> Result<Option<Connection>, ChannelError> {
        let Some(mut socket) = self.connections.get_with_rooms(id).await? else {
            return Ok(None);
        };
        for _ in 0..ROUNDS {
            self.leave_all(&socket.connection, groups_of(&socket), but.take()).await?;
            match self.connections.remove(&socket).await? {
                SocketRemoval::Gone(removed) => return Ok(removed),
                SocketRemoval::Joined(again) => socket = again,
            }
        }
        Err(TableError::Conflict.into())
    }

    async fn leave_all(
        &self,
        connection: &Connection,
        mut groups: Vec<Group>,
        but: Option<&Group>,
    ) -> Result<(), ChannelError> {
        groups.retain(|group| Some(group) != but);
        let (rooms, user) = (|| groups.iter().filter_map(Group::room), connection.user());
        let began = self.expect_absence(rooms(), user).await?;
        try_join_all(groups.iter().map(|group| self.groups.remove(group, connection))).await?;
        self.expect_absence_again(rooms(), user, began).await
    }
}
