//! Which sockets get the same messages, and who is present.

use async_trait::async_trait;

use super::members::Members;
use super::{Departure, LocalChannelLayer};
use crate::ids::{ConnectionId, PresenceToken, UserId};
use crate::ports::{
    Absence, AbsenceCheck, Admission, ChannelError, Connection, Group, Groups, Joined, Present,
};

impl LocalChannelLayer {
    /// Takes a socket out of a group; tells who may have left by that.
    pub(super) fn take_out(&self, group: &Group, id: &ConnectionId) -> Option<Departure> {
        let room = group.room();
        self.groups.with(group, |members| {
            let user = members.remove(id)?.user?;
            let token = room.and_then(|_| members.roster.leave(user))?;
            Some(Departure { room: room?.clone(), user, token })
        })
    }
}

#[async_trait]
impl Groups for LocalChannelLayer {
    async fn join(
        &self,
        group: &Group,
        connection: &Connection,
        admission: Option<&Admission>,
    ) -> Result<Joined, ChannelError> {
        let mut connections = self.connections();
        // Forgotten meanwhile: a membership would stay for ever.
        let Some(known) = connections.get_mut(&connection.id) else {
            return Ok(Joined::Gone);
        };
        if !known.groups.contains(group) {
            known.groups.push(group.clone());
        }
        let name = admission.map_or("", |admission| &admission.name);
        let (now, token) = (self.clock.now(), PresenceToken::from_random(self.random.bytes()));
        Ok(self.groups.with(group, |members| {
            if !members.add(&known.outbox, connection.dialect, connection.user()) {
                return Joined::Already;
            }
            match group.person(connection) {
                Some(user) => members.roster.join(user, name, token, now),
                None => Joined::Already,
            }
        }))
    }

    async fn leave(&self, group: &Group, connection: &Connection) -> Result<(), ChannelError> {
        let departure = {
            let mut connections = self.connections();
            if let Some(known) = connections.get_mut(&connection.id) {
                known.groups.retain(|other| other != group);
            }
            self.take_out(group, &connection.id)
        };
        self.look_later(departure.into_iter().collect()).await
    }

    async fn present(&self, group: &Group, user: Option<UserId>) -> Result<Vec<Present>, ChannelError> {
        Ok(self.groups.read(group, |members| members.roster.present(user)).unwrap_or_default())
    }

    async fn count_present(&self, group: &Group) -> Result<usize, ChannelError> {
        Ok(self.groups.read(group, |members| members.roster.count()).unwrap_or_default())
    }

    async fn is_occupied(&self, group: &Group) -> Result<bool, ChannelError> {
        Ok(self.groups.read(group, Members::len).unwrap_or(0) > 0)
    }

    async fn sockets(&self, group: &Group, user: Option<UserId>) -> Result<Vec<Connection>, ChannelError> {
        let ids = self.groups.read(group, |members| members.ids(user)).unwrap_or_default();
        let connections = self.connections();
        let known = ids.iter().filter_map(|id| connections.get(id));
        Ok(known.map(|known| known.connection.clone()).collect())
    }

    async fn confirm_left(
        &self,
        group: &Group,
        user: UserId,
        check: Option<&AbsenceCheck>,
    ) -> Result<Absence, ChannelError> {
        let now = self.clock.now();
        Ok(self.groups.with(group, |members| members.roster.confirm_left(user, check, now)))
    }
}
