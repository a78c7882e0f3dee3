//! `action` frames: what others do, as apps know it whose rooms are numbers.

use serde::Serialize;

use crate::ids::{EventId, RoomCode};
use crate::openapi_macros::ToSchema;
use crate::protocol::events::{Author, MessageDeleted, MessageEdited, MessageReacted, Reactions, Typing};

/// What somebody does, for apps whose rooms are numbers.
#[derive(Serialize, ToSchema)]
pub(in crate::protocol::events) struct Action<'a> {
    action: ActionName,
    /// The message's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    id: Option<EventId>,
    /// Who does it.
    sender: &'a Author,
    /// Whether they write.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    is_typing: Option<bool>,
    /// What the message says now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    new_content: Option<&'a str>,
    /// How often each reaction was given by now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reactions: Option<&'a Reactions>,
    /// The code of the room.
    #[schema(value_type = String)]
    room: &'a RoomCode,
}

/// What it is that somebody does.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum ActionName {
    Typing,
    Edited,
    Deleted,
    Reacted,
}

impl<'a> Action<'a> {
    fn new(action: ActionName, sender: &'a Author, room: &'a RoomCode) -> Self {
        Self { action, id: None, sender, is_typing: None, new_content: None, reactions: None, room }
    }

    pub(in crate::protocol::events) fn typing(event: &'a Typing) -> Self {
        let action = Self::new(ActionName::Typing, &event.by, &event.place.room);
        Self { is_typing: Some(event.is_typing), ..action }
    }

    pub(in crate::protocol::events) fn edited(event: &'a MessageEdited) -> Self {
        let action = Self::new(ActionName::Edited, &event.by, &event.place.room);
        Self { id: Some(event.message_id), new_content: Some(&event.message), ..action }
    }

    pub(in crate::protocol::events) fn deleted(event: &'a MessageDeleted) -> Self {
        let action = Self::new(ActionName::Deleted, &event.by, &event.place.room);
        Self { id: Some(event.message_id), ..action }
    }

    pub(in crate::protocol::events) fn reacted(event: &'a MessageReacted) -> Self {
        let action = Self::new(ActionName::Reacted, &event.by, &event.place.room);
        Self { id: Some(event.message_id), reactions: Some(&event.reactions), ..action }
    }
}
