//! Turns entries of a log into events, with the names that people have today: for one reader, or for everybody.

use std::collections::BTreeMap;

use super::people::Authors;
use crate::app::Settings;
use crate::app::rooms::shown::{author, media_url, nobody, place};
use crate::domain::chat::{LoggedEvent, Message};
use crate::ids::{EventId, UserId};
use crate::ports::Entry;
use crate::protocol::{
    Attachment, Author, ChatCleared, ChatMessage, Event, MediaDetails, MessageDeleted, MessageEdited,
    MessageReacted, Reader as Told, Watched,
};
use crate::store::Room;

/// Who reads, and what of it is theirs alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reader<'a> {
    /// The person; none for what everybody gets.
    pub user: Option<UserId>,
    /// How they reacted to which messages; none in live events.
    pub mine: Option<&'a BTreeMap<EventId, Vec<String>>>,
    /// Whether it is told again to who has missed it.
    pub replayed: bool,
}

/// An entry as an event. An event about a message says what that says now: `target`.
pub(in crate::app) fn event_of(
    settings: &Settings,
    room: &Room,
    entry: &Entry,
    target: Option<&Message>,
    authors: &Authors,
    reader: Reader<'_>,
) -> Event {
    let user = entry.author.unwrap_or(UserId(0));
    let by = shown(settings, room, authors, user);
    let (id, place, replayed) = (entry.id, place(room, entry.author), reader.replayed);
    match &entry.event {
        LoggedEvent::Message(_) => {
            Event::Message(Box::new(message_body(settings, room, entry, authors, reader)))
        }
        LoggedEvent::Edited { message_id } => Event::Edited(MessageEdited {
            id,
            message_id: *message_id,
            by,
            message: target.map(|target| target.text.clone()).unwrap_or_default(),
            edited_at: target.and_then(|target| target.edited_at).unwrap_or(entry.at),
            place,
            replayed,
        }),
        LoggedEvent::Deleted { message_id } => {
            Event::Deleted(MessageDeleted { id, message_id: *message_id, by, place, replayed })
        }
        LoggedEvent::Reacted { message_id, reaction, added } => Event::Reacted(MessageReacted {
            id,
            message_id: *message_id,
            by,
            reaction: reaction.clone(),
            added: *added,
            reactions: target.map(|target| target.reactions.clone()).unwrap_or_default(),
            place,
            replayed,
        }),
        LoggedEvent::Cleared { message_ids } => Event::Cleared(ChatCleared {
            id,
            user_id: user,
            message_ids: message_ids.clone(),
            place,
            replayed,
        }),
    }
}

fn shown(settings: &Settings, room: &Room, authors: &Authors, user: UserId) -> Author {
    match authors.shown(user).member {
        Some(member) => author(settings, room, &member),
        None => nobody(user),
    }
}

/// A message as frames and answers show it; empty if the entry is none.
pub fn message_body(
    settings: &Settings,
    room: &Room,
    entry: &Entry,
    authors: &Authors,
    reader: Reader<'_>,
) -> ChatMessage {
    let user = entry.author.unwrap_or(UserId(0));
    let by = shown(settings, room, authors, user);
    let message = entry.event.message().cloned().unwrap_or_default();
    let mut body = ChatMessage::new(entry.id, place(room, entry.author), by, message.text.clone(), entry.at);
    body.message_type = message.message_type.clone();
    body.attachment = message.attachment.as_ref().map(|file| Attachment {
        url: media_url(settings, file.stored_name.as_str()),
        media: MediaDetails {
            media_id: file.media_id,
            name: file.name.clone(),
            content_type: file.content_type.clone(),
            size: file.size,
            width: file.picture.map(|picture| picture.width),
            height: file.picture.map(|picture| picture.height),
        },
    });
    body.edited_at = message.edited_at;
    body.reply_to = message.reply_to;
    body.mentions = message.mentions.clone();
    body.reactions = message.reactions.clone();
    body.client_msg_id = message.client_msg_id.clone();
    body.watched =
        message.media_time.zip(message.item.clone()).map(|(media_time, item)| Watched { media_time, item });
    body.deleted = message.is_deleted;
    body.replayed = reader.replayed;
    body.reader = Told {
        is_self: reader.user == Some(user),
        my_reactions: reader.mine.map(|mine| mine.get(&entry.id).cloned().unwrap_or_default()),
    };
    body
}
