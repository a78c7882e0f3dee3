//! Messages and what becomes of them.

use std::time::Duration;

use super::{anagh, cinema, code, host, moment, pair};
use crate::ids::{EventId, MediaId, UserId};
use crate::protocol::{
    Attachment, ChatCleared, ChatHistory, ChatMessage, Close, ConversationJoined, Echo, ErrorCode,
    ErrorEvent, Event, Heartbeat, MediaDetails, MessageDeleted, MessageEdited, MessageReacted, Pong,
    Reactions, ReadReceipt, Reader, Regarding, ResumeFailed, Resumed, Typing, Watched,
};

pub(super) fn events() -> Vec<Event> {
    [messages(), changes(), signals(), standing(), answers()].into_iter().flatten().collect()
}

fn messages() -> Vec<Event> {
    let deleted = ChatMessage { deleted: true, replayed: true, ..plain(String::new()) };
    let all = [plain("hello everyone".to_owned()), rich(), deleted];
    all.into_iter().map(|message| Event::Message(Box::new(message))).collect()
}

fn plain(text: String) -> ChatMessage {
    ChatMessage::new(EventId(43), cinema(), anagh(), text, moment(0))
}

fn rich() -> ChatMessage {
    ChatMessage {
        message_type: "image".to_owned(),
        attachment: Some(attachment()),
        edited_at: Some(moment(60)),
        reply_to: Some(EventId(42)),
        mentions: vec![UserId(2)],
        reactions: counts(),
        client_msg_id: "c-1".parse().ok(),
        watched: Some(Watched { media_time: 754.2, item: "i-1".to_owned() }),
        reader: Reader { is_self: true, my_reactions: Some(vec!["👍".to_owned()]) },
        place: pair(),
        ..plain("Look at this".to_owned())
    }
}

fn attachment() -> Attachment {
    let media_id = MediaId::from_random([7; 16]);
    Attachment {
        url: "https://parlor.example/media/07070707070707070707070707070707.png".to_owned(),
        media: MediaDetails {
            media_id,
            name: "poster.png".to_owned(),
            content_type: "image/png".to_owned(),
            size: 48_211,
            width: Some(640),
            height: Some(960),
        },
    }
}

fn counts() -> Reactions {
    [("👍".to_owned(), 2), ("🎬".to_owned(), 1)].into()
}

fn changes() -> Vec<Event> {
    let (message_id, by) = (EventId(43), anagh);
    let edited = |replayed| MessageEdited {
        id: EventId(44),
        message_id,
        by: by(),
        message: "Hello, everyone".to_owned(),
        edited_at: moment(60),
        place: cinema(),
        replayed,
    };
    let deleted =
        |replayed| MessageDeleted { id: EventId(45), message_id, by: host(), place: cinema(), replayed };
    let reacted = |replayed| MessageReacted {
        id: EventId(46),
        message_id,
        by: by(),
        reaction: "👍".to_owned(),
        added: true,
        reactions: counts(),
        place: cinema(),
        replayed,
    };
    let cleared = |replayed| ChatCleared {
        id: EventId(47),
        user_id: UserId(1),
        message_ids: vec![EventId(40), EventId(43)],
        place: pair(),
        replayed,
    };
    let both = |replayed| {
        [
            Event::Edited(edited(replayed)),
            Event::Deleted(deleted(replayed)),
            Event::Reacted(reacted(replayed)),
            Event::Cleared(cleared(replayed)),
        ]
    };
    [both(false), both(true)].into_iter().flatten().collect()
}

fn signals() -> Vec<Event> {
    vec![
        Event::Typing(Typing { by: anagh(), is_typing: true, place: pair() }),
        Event::Read(ReadReceipt { by: anagh(), message_id: EventId(43), place: pair() }),
    ]
}

fn standing() -> Vec<Event> {
    let (last_id, place) = (EventId(47), cinema);
    vec![
        Event::History(ChatHistory::fitting(
            place(),
            vec![plain("hello everyone".to_owned())],
            last_id,
            true,
        )),
        Event::Joined(ConversationJoined { last_id, place: pair() }),
        Event::Resumed(Resumed { last_id, place: place() }),
        Event::ResumeFailed(ResumeFailed { oldest: EventId(12), last_id, place: place() }),
    ]
}

fn answers() -> Vec<Event> {
    let regarding = Regarding {
        name: Some("edit_message".into()),
        room: Some(code("Kino-7")),
        message_id: Some(EventId(43)),
        client_msg_id: "c-1".parse().ok(),
    };
    let limited = ErrorEvent::new(ErrorCode::RateLimited, &regarding).retry_after(Duration::from_millis(600));
    let wrong =
        ErrorEvent::new(ErrorCode::InvalidInput, &regarding).with_field("new_content", "This is a text.");
    let theirs = Echo::parse(r#""2024-01-01T00:00:00Z""#);
    let pong = |timestamp| Pong { timestamp, received_at: moment(0), server_time: moment(0) };
    vec![
        Event::Error(limited),
        Event::Error(wrong),
        Event::closing(Close::Removed),
        Event::Pong(pong(theirs)),
        Event::Pong(pong(None)),
        Event::Heartbeat(Heartbeat { server_time: moment(0), last_id: Some(EventId(47)) }),
        Event::Heartbeat(Heartbeat { server_time: moment(0), last_id: None }),
    ]
}
