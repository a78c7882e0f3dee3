//! The ports that live only while sockets do. One adapter plays the first three roles.

use std::fmt::Debug;

use async_trait::async_trait;

use super::{
    Absence, AbsenceCheck, Admission, Broadcast, ChannelError, Connection, Delivery, FanOut, Group, Joined,
    Present, Turn, WelcomeLease,
};
use crate::ids::{ConnectionId, RoomCode, UserId};
use crate::protocol::{Close, Frame, Timestamp};

/// Which sockets are open.
///
/// * Registering and forgetting are idempotent, and may come in any order.
/// * A socket that is forgotten leaves its groups as by [`Groups::leave`].
#[async_trait]
pub trait Connections: Debug + Send + Sync {
    /// Makes a connection known. It cannot be written to before its handshake has been answered.
    async fn register(&self, connection: &Connection) -> Result<(), ChannelError>;

    /// The connection of that name, if it is still known.
    async fn find(&self, id: &ConnectionId) -> Result<Option<Connection>, ChannelError>;

    /// Asks to be the one who greets this socket.
    async fn lease_welcome(&self, id: &ConnectionId) -> Result<WelcomeLease, ChannelError>;

    /// Gives the right to greet back: it came to nothing, and the next attempt need not wait.
    async fn release_welcome(&self, id: &ConnectionId) -> Result<(), ChannelError>;

    /// Notes that the socket was greeted.
    async fn welcomed(&self, id: &ConnectionId) -> Result<(), ChannelError>;

    /// Forgets a connection and its memberships; answers it if it was known.
    async fn forget(&self, id: &ConnectionId) -> Result<Option<Connection>, ChannelError>;
}

/// Which sockets get the same messages, and who is present.
///
/// * Joining and leaving are idempotent, and may come in any order.
/// * Presence is kept in rooms alone, per person: somebody is there from their first socket's join until it is
///   confirmed that their last one has left. Whatever takes a socket of theirs away ([`leave`](Self::leave),
///   [`Connections::forget`], a message that meets it dead) enqueues a [`Job::CheckAbsence`](super::Job::CheckAbsence)
///   if it may be the last one. Elsewhere nobody is ever present.
#[async_trait]
pub trait Groups: Debug + Send + Sync {
    /// Puts a socket into a group, on its admission if there is one. Where rows lie in the table, the row is written in
    /// one transaction with the admission's guard. In one process the guard is not looked at: whoever holds the room's
    /// turn has read what it checks.
    async fn join(
        &self,
        group: &Group,
        connection: &Connection,
        admission: Option<&Admission>,
    ) -> Result<Joined, ChannelError>;

    /// Takes a socket out of a group.
    async fn leave(&self, group: &Group, connection: &Connection) -> Result<(), ChannelError>;

    /// Who is present in a group, in the order in which they came: everybody, or one person if they are.
    async fn present(&self, group: &Group, user: Option<UserId>) -> Result<Vec<Present>, ChannelError>;

    /// How many people are present in a group.
    async fn count_present(&self, group: &Group) -> Result<usize, ChannelError> {
        Ok(self.present(group, None).await?.len())
    }

    /// Whether a group has any member.
    async fn is_occupied(&self, group: &Group) -> Result<bool, ChannelError>;

    /// The sockets of a group that are known: everybody's, or one person's.
    async fn sockets(&self, group: &Group, user: Option<UserId>) -> Result<Vec<Connection>, ChannelError>;

    /// Marks a person as gone from a group if no socket of theirs is in it, and if they have not come back since that
    /// check was asked for. Without one, whatever has been since.
    async fn confirm_left(
        &self,
        group: &Group,
        user: UserId,
        check: Option<&AbsenceCheck>,
    ) -> Result<Absence, ChannelError>;
}

/// Writes to sockets, and ends them.
///
/// * [`publish`](Self::publish) answers once every member has been written to, or once what remains is safe in a
///   queue; each live member gets the message at least once, and once only unless a worker died or a queue refused
///   work on the way.
/// * The sockets of the person whose doing it is come last.
/// * A dead socket met on the way is forgotten as if it had been disconnected. One whose handshake may still have to be
///   answered, since it is younger than 30 s, is not.
#[async_trait]
pub trait Sender: Debug + Send + Sync {
    /// Sends to one socket.
    async fn send(&self, id: &ConnectionId, frame: &Frame) -> Result<Delivery, ChannelError>;

    /// Sends the first frame of a greeting. A socket that is not open yet gets nothing, and the greeting is to be tried again as
    /// a whole: frames that wait in a queue come in any order.
    async fn send_first(&self, id: &ConnectionId, frame: &Frame) -> Result<Delivery, ChannelError> {
        self.send(id, frame).await
    }

    /// Sends to all members of a group.
    async fn publish(&self, group: &Group, broadcast: &Broadcast) -> Result<(), ChannelError>;

    /// Goes on with a part of a fan-out that this very adapter queued. What has not been sent by a moment, if there is
    /// one, goes back to the queue.
    async fn resume(
        &self,
        part: FanOut,
        broadcast: &Broadcast,
        until: Option<Timestamp>,
    ) -> Result<(), ChannelError>;

    /// Ends a socket: an `ERROR` that names the reason, then the close.
    async fn close(&self, id: &ConnectionId, reason: Close) -> Result<(), ChannelError>;
}

/// Lets things happen one after another in a room, so that what was stored first is told first. Turns come in the
/// order in which they were asked for; different rooms don't wait for each other.
///
/// In one process alone: on AWS two functions may tell of events in either order, and every turn is free.
#[async_trait]
pub trait RoomTurns: Debug + Send + Sync {
    /// Waits for one's turn. Whoever has it must not ask for another one in the same room.
    async fn take(&self, room: &RoomCode) -> Turn;
}
