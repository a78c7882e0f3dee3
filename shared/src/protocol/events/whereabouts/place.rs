//! Where an event happens, and by whom.

use serde::{Serialize, Serializer};

use crate::ids::{RoomCode, UserId};
use crate::openapi_macros::ToSchema;

/// The room of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Place {
    /// The room's code.
    #[schema(value_type = String)]
    pub room: RoomCode,
    /// In a conversation of two: the other one than who caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receiver_id: Option<UserId>,
}

/// The room of an event that may have none.
#[cfg(feature = "openapi")]
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes what an optional place looks like")]
pub(in crate::protocol::events) struct PlaceIfAny {
    /// The room's code.
    #[schema(nullable = false)]
    room: Option<String>,
    /// In a conversation of two: the other one than who caused it.
    #[schema(nullable = false)]
    receiver_id: Option<UserId>,
}

/// Who says or does something, as others see them in the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Author {
    /// The name, unique in the room.
    pub name: String,
    /// URL of the picture, if there is one.
    #[schema(required)]
    pub photo: Option<String>,
    /// The person's number.
    pub id: UserId,
    /// `admin` for host, co-hosts and admins of the site.
    pub role: ShownRole,
}

/// What others see of somebody's rights in a room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ShownRole {
    /// They have none beyond everybody's.
    #[default]
    Member,
    /// They are host, co-host, or an admin of the site.
    Admin,
}

impl From<RoomCode> for Place {
    fn from(room: RoomCode) -> Self {
        Self { room, receiver_id: None }
    }
}

/// A room's code where clients know it as the id of a conversation: a number if it is one.
pub(in crate::protocol::events) struct ConversationId<'a>(pub(in crate::protocol::events) &'a RoomCode);

impl Serialize for ConversationId<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match conversation_number(self.0) {
            Some(number) => serializer.serialize_u64(number),
            None => serializer.serialize_str(self.0.as_str()),
        }
    }
}

/// A room's code as a number, if it is one that every client can hold and that reads the same again.
pub fn conversation_number(room: &RoomCode) -> Option<u64> {
    const MAX_DIGITS: usize = 15;
    let code = room.as_str();
    let plain = code.len() <= MAX_DIGITS && code.bytes().all(|byte| byte.is_ascii_digit());
    if plain && (code == "0" || !code.starts_with('0')) { code.parse().ok() } else { None }
}

/// Whose doing an event is, where it says so in two fields.
#[derive(Serialize, ToSchema)]
pub(in crate::protocol::events) struct DoneBy<'a> {
    /// The number of whose doing it is.
    user_id: UserId,
    /// Their name.
    user: &'a str,
}

/// Who does something now, in all words that clients know for it.
#[derive(Serialize, ToSchema)]
pub(in crate::protocol::events) struct SignalledBy<'a> {
    /// Their number.
    user_id: UserId,
    /// Their name.
    user: &'a str,
    /// The same as `user`.
    username: &'a str,
    /// Who it is.
    sender: &'a Author,
}

pub(in crate::protocol::events) fn done_by<S: Serializer>(
    author: &Author,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    DoneBy { user_id: author.id, user: &author.name }.serialize(serializer)
}

pub(in crate::protocol::events) fn signalled_by<S: Serializer>(
    author: &Author,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let name = &author.name;
    SignalledBy { user_id: author.id, user: name, username: name, sender: author }.serialize(serializer)
}
