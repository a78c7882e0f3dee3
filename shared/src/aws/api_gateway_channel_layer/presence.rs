//! Who is where.

use super::ApiGatewayChannelLayer;
use crate::ids::UserId;
use crate::ports::{Connection, Group, TableError};

/// Whether anybody asks who is present there.
fn tracks_presence(group: &Group) -> bool {
    match group {
        Group::Room(_) => true,
        Group::Feed | Group::User(_) => false,
    }
}

/// The person whose presence a socket makes.
fn person(group: &Group, connection: &Connection) -> Option<UserId> {
    let identity = connection.identity.as_ref().filter(|_| tracks_presence(group));
    identity.map(|identity| identity.user)
}

impl ApiGatewayChannelLayer {
    /// First the note of it, so that whoever forgets the socket finds the row; then the row, then the latch: whoever
    /// opens the latch meanwhile sees the row, or we see that they did. A socket that is gone joins no room.
    pub(super) async fn join_group(
        &self,
        group: &Group,
        connection: &Connection,
    ) -> Result<bool, TableError> {
        if let Group::Room(code) = group
            && !self.connections.note_room(&connection.id, code).await?
        {
            return Ok(false);
        }
        self.groups.add(group, connection).await?;
        match person(group, connection) {
            Some(user) => self.latches.set(group, user).await,
            None => Ok(false),
        }
    }

    pub(super) async fn leave_group(
        &self,
        group: &Group,
        connection: &Connection,
    ) -> Result<bool, TableError> {
        let was_there = self.groups.remove(group, connection).await?;
        if let Group::Room(code) = group {
            self.connections.drop_room(&connection.id, code).await?;
        }
        match person(group, connection) {
            Some(user) if was_there => Ok(!self.groups.has_user(group, user).await?),
            _ => Ok(false),
        }
    }

    /// Opens the latch of a person without rows. A row that came in between closes it again, unless whoever wrote it
    /// did so themselves: then the person has left and come, and both are said.
    pub(super) async fn confirm_absence(&self, group: &Group, user: UserId) -> Result<bool, TableError> {
        if !tracks_presence(group) || self.groups.has_user(group, user).await? {
            return Ok(false);
        }
        if !self.latches.open(group, user).await? {
            return Ok(false);
        }
        if !self.groups.has_user(group, user).await? {
            return Ok(true);
        }
        Ok(!self.latches.set_if_open(group, user).await?)
    }

    pub(super) async fn present_in(&self, group: &Group) -> Result<Vec<UserId>, TableError> {
        if tracks_presence(group) { self.latches.present(group).await } else { Ok(Vec::new()) }
    }
}
