//! Sockets, and the groups that they are in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Cause;
use crate::domain::identity::Identity;
use crate::ids::{ConnectionId, InvalidId, RoomCode, UserId};
use crate::protocol::{Dialect, Timestamp};

/// What a socket serves. As a text, in the connection's context and in the table: `feed`, `inbox`, `chat/kino`,
/// `conversation/123456789`, `watch/kino`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Endpoint {
    /// The broadcast feed.
    Feed,
    /// A person's inbox.
    Inbox,
    /// The chat of a room.
    Chat(RoomCode),
    /// A conversation.
    Conversation(RoomCode),
    /// A room in which something is watched together.
    Watch(RoomCode),
}

impl Endpoint {
    /// The room that it belongs to.
    pub fn room(&self) -> Option<&RoomCode> {
        match self {
            Self::Feed | Self::Inbox => None,
            Self::Chat(code) | Self::Conversation(code) | Self::Watch(code) => Some(code),
        }
    }

    /// How events are spelled for its sockets; a client of a room's chat may ask for all of them.
    pub fn dialect(&self, all_events: bool) -> Dialect {
        match self {
            Self::Feed => Dialect::Feed,
            Self::Inbox | Self::Conversation(_) => Dialect::Inbox,
            Self::Chat(_) if all_events => Dialect::Full,
            Self::Chat(code) if code.is_number() => Dialect::Numbered,
            Self::Chat(_) => Dialect::Plain,
            Self::Watch(_) => Dialect::Watch,
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Feed => f.write_str("feed"),
            Self::Inbox => f.write_str("inbox"),
            Self::Chat(code) => write!(f, "chat/{code}"),
            Self::Conversation(code) => write!(f, "conversation/{code}"),
            Self::Watch(code) => write!(f, "watch/{code}"),
        }
    }
}

impl FromStr for Endpoint {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let unknown = InvalidId { kind: "endpoint" };
        match text.split_once('/') {
            None if text == "feed" => Ok(Self::Feed),
            None if text == "inbox" => Ok(Self::Inbox),
            Some(("chat", code)) => code.parse().map(Self::Chat),
            Some(("conversation", code)) => code.parse().map(Self::Conversation),
            Some(("watch", code)) => code.parse().map(Self::Watch),
            _ => Err(unknown),
        }
    }
}

impl TryFrom<String> for Endpoint {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<Endpoint> for String {
    fn from(endpoint: Endpoint) -> String {
        endpoint.to_string()
    }
}

/// An open socket, as it was when it connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Its name.
    pub id: ConnectionId,
    /// What it serves.
    pub endpoint: Endpoint,
    /// How events are spelled for it.
    pub dialect: Dialect,
    /// Who is behind it; none for anonymous ones.
    pub identity: Option<Identity>,
    /// The last event that its client knows, if it wants to be told what came after that.
    pub since: Option<u64>,
    /// When it was opened.
    pub connected_at: Timestamp,
}

impl Connection {
    /// A socket whose client asks for nothing in particular.
    pub fn new(
        id: ConnectionId,
        endpoint: Endpoint,
        identity: Option<Identity>,
        connected_at: Timestamp,
    ) -> Self {
        let dialect = endpoint.dialect(false);
        Self { id, endpoint, dialect, identity, since: None, connected_at }
    }

    /// The person behind it.
    pub fn user(&self) -> Option<UserId> {
        self.identity.as_ref().map(|identity| identity.user)
    }

    /// The group that it belongs to by what it serves.
    pub fn home(&self) -> Option<Group> {
        match &self.endpoint {
            Endpoint::Feed => Some(Group::Feed),
            Endpoint::Inbox => self.user().map(Group::Inbox),
            Endpoint::Chat(code) | Endpoint::Conversation(code) | Endpoint::Watch(code) => {
                Some(Group::Room(code.clone()))
            }
        }
    }
}

/// A set of sockets that get the same messages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// All sockets of the broadcast feed.
    Feed,
    /// All sockets of one person.
    User(UserId),
    /// The inbox sockets of one person.
    Inbox(UserId),
    /// All sockets in one room, whatever they serve.
    Room(RoomCode),
}

impl Group {
    /// The room, if it is one: presence is kept in rooms alone.
    pub fn room(&self) -> Option<&RoomCode> {
        match self {
            Self::Feed | Self::User(_) | Self::Inbox(_) => None,
            Self::Room(code) => Some(code),
        }
    }

    /// The person who is present in it by that socket.
    pub fn person(&self, connection: &Connection) -> Option<UserId> {
        self.room().and(connection.user())
    }
}

/// Who may greet a new socket now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WelcomeLease {
    /// You may: no one else will for half a minute.
    Granted(Connection),
    /// Somebody else is at it.
    Busy,
    /// It has been greeted.
    Done,
    /// The socket is gone.
    Gone,
}

/// Whether a message reached the transport of a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It is on its way.
    Sent,
    /// Nothing was sent: the socket is gone, and so are its rows now; or its handshake has not been answered yet.
    Gone,
    /// Nothing was sent of what comes first: the socket's handshake has not been answered yet.
    NotYet,
}

/// A call about sockets failed: what stands behind the port did not answer. Trying again is safe.
#[derive(Debug, thiserror::Error)]
#[error("the sockets are unavailable")]
pub struct ChannelError(#[source] pub Cause);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SessionId;

    fn kino() -> RoomCode {
        "Kino".parse().unwrap()
    }

    #[test]
    fn an_endpoint_is_read_as_it_is_written_and_nothing_else_is_taken_for_one() {
        let all = [
            (Endpoint::Feed, "feed"),
            (Endpoint::Inbox, "inbox"),
            (Endpoint::Chat(kino()), "chat/Kino"),
            (Endpoint::Conversation(kino()), "conversation/Kino"),
            (Endpoint::Watch(kino()), "watch/Kino"),
        ];
        for (endpoint, text) in all {
            assert_eq!(endpoint.to_string(), text);
            assert_eq!(text.parse(), Ok(endpoint));
        }
        for text in
            ["", "Feed", "feed/", "feed/x", "chat", "chat/", "chat/a/b", "chat/a b", "inbox/7", "lobby/x"]
        {
            assert!(text.parse::<Endpoint>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_sockets_dialect_follows_from_what_it_serves_and_what_its_client_asks_for() {
        let chat = |code: &str| Endpoint::Chat(code.parse().unwrap());
        let dialects = |endpoint: &Endpoint| [endpoint.dialect(false), endpoint.dialect(true)];
        assert_eq!(dialects(&Endpoint::Feed), [Dialect::Feed; 2]);
        assert_eq!(dialects(&Endpoint::Inbox), [Dialect::Inbox; 2]);
        assert_eq!(dialects(&Endpoint::Conversation(kino())), [Dialect::Inbox; 2]);
        assert_eq!(dialects(&Endpoint::Watch(kino())), [Dialect::Watch; 2]);
        assert_eq!(dialects(&chat("kino")), [Dialect::Plain, Dialect::Full]);
        assert_eq!(dialects(&chat("17")), [Dialect::Numbered, Dialect::Full]);
    }

    #[test]
    fn people_are_present_in_rooms_alone() {
        let session = SessionId::from_random([7; 16]);
        let identity = Some(Identity { user: UserId(7), session });
        let id: ConnectionId = "a=".parse().unwrap();
        let socket = Connection::new(id, Endpoint::Watch(kino()), identity, Timestamp::from_secs(0));
        assert_eq!(Group::Room(kino()).person(&socket), Some(UserId(7)));
        for group in [Group::Feed, Group::User(UserId(7)), Group::Inbox(UserId(7))] {
            assert_eq!(group.person(&socket), None);
        }
        assert_eq!(Group::Room(kino()).person(&Connection { identity: None, ..socket }), None);
    }
}
