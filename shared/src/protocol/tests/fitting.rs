//! Whatever people do within the bounds of their fields, it can be told: nothing is larger than a frame in any dialect.

use crate::ids::{EventId, MediaId, RoomCode, UserId};
use crate::protocol::{
    Attachment, Author, ChatCleared, ChatCommand, ChatHistory, ChatMessage, Dialect, ErrorEvent, Event,
    MAX_CLEARED, MAX_FRAME_BYTES, MAX_REACTION_BYTES, MAX_REACTIONS, MediaDetails, MessageEdited,
    MessageReacted, NamedPerson, OwnFrames, Person, Place, Pong, QueueItem, QueueUpdated, Reactions, Reader,
    RoomParticipants, ShownRole, Timestamp, WaitingFor, Watched, fits_reactions,
};

/// The longest name in a room: 40 characters, and a number that tells it from others. Quotes take twice their length.
fn longest_name() -> String {
    format!("{} (99999)", "🎬".repeat(40))
}

/// Longer than any URL that this server gives to a file of its own.
fn longest_url() -> String {
    format!("https://{}/media/direct-{}.{}", "x".repeat(253), "0".repeat(32), "y".repeat(10))
}

fn longest_author() -> Author {
    Author { name: longest_name(), photo: Some(longest_url()), id: UserId(u64::MAX), role: ShownRole::Member }
}

fn longest_place() -> Place {
    Place { room: "x".repeat(64).parse::<RoomCode>().unwrap(), receiver_id: Some(UserId(u64::MAX)) }
}

/// As many reactions, as long, as a message may have.
fn most_reactions() -> Reactions {
    let mut reactions = Reactions::new();
    for first in (0..20_u32).filter_map(|place| char::from_u32('\u{1F600}' as u32 + place)) {
        let bytes = MAX_REACTION_BYTES / MAX_REACTIONS;
        let reaction = format!("{first}{}", "\"".repeat((bytes - first.len_utf8()) / 2));
        reactions.insert(reaction, u32::MAX);
    }
    assert!(fits_reactions(reactions.keys().map(String::as_str)));
    reactions
}

/// All of a message as large as it can be: in JSON a control character takes six bytes.
fn largest_message() -> ChatMessage {
    let reactions = most_reactions();
    let my_reactions = Some(reactions.keys().cloned().collect());
    ChatMessage {
        message_type: "x".repeat(32),
        attachment: Some(Attachment {
            url: longest_url(),
            media: MediaDetails {
                media_id: MediaId::from_random([7; 16]),
                name: "\"".repeat(255),
                content_type: format!("{}/{}", "x".repeat(64), "y".repeat(64)),
                size: u64::MAX,
                width: Some(u32::MAX),
                height: Some(u32::MAX),
            },
        }),
        edited_at: Some(Timestamp::from_secs(1)),
        reply_to: Some(EventId::LAST),
        mentions: vec![UserId(u64::MAX); 50],
        reactions,
        client_msg_id: "🎬".repeat(64).parse().ok(),
        watched: Some(Watched { media_time: 31_535_999.999_999_9, item: "\"".repeat(64) }),
        reader: Reader { is_self: false, my_reactions },
        deleted: true,
        replayed: true,
        ..ChatMessage::new(
            EventId::LAST,
            longest_place(),
            longest_author(),
            "\0".repeat(4000),
            Timestamp::from_secs(0),
        )
    }
}

fn assert_fits(event: &Event) {
    let largest = Dialect::ALL.iter().filter_map(|dialect| event.text(*dialect)).map(|text| text.len()).max();
    assert!(largest.unwrap() <= MAX_FRAME_BYTES, "{event:?}: {largest:?}");
    assert!(event.checked_frames().is_ok());
}

#[test]
fn a_message_fits_whatever_is_in_it() {
    let event = Event::Message(Box::new(largest_message()));
    assert_fits(&event);
    let OwnFrames::Copy(own) = event.own_frames() else { panic!("a message has a copy of its own") };
    assert!(event.dialects().iter().all(|dialect| own.get(*dialect).is_some()));
}

#[test]
fn what_a_client_may_send_at_most_is_what_is_reckoned_with() {
    let mentions: Vec<_> = std::iter::repeat_n(u64::MAX.to_string(), 50).collect();
    let text = format!(
        r#"{{"message":"{}","mentions":[{}],"client_msg_id":"{}","message_type":"{}"}}"#,
        "\\u0000".repeat(4000),
        mentions.join(","),
        "🎬".repeat(64),
        "x".repeat(32)
    );
    assert!(text.len() <= MAX_FRAME_BYTES);
    let Ok(ChatCommand::Send(sent)) = ChatCommand::parse(&text).command else { panic!("it is a message") };
    let largest = largest_message();
    assert_eq!((sent.text, sent.mentions), (largest.text, largest.mentions));
    assert_eq!((sent.client_msg_id, sent.message_type), (largest.client_msg_id, Some(largest.message_type)));
}

#[test]
fn changes_of_messages_fit() {
    let (id, message_id, by, place) = (EventId::LAST, EventId::LAST, longest_author, longest_place);
    let message = "\0".repeat(4000);
    let edited_at = Timestamp::from_secs(0);
    assert_fits(&Event::Edited(MessageEdited {
        id,
        message_id,
        by: by(),
        message,
        edited_at,
        place: place(),
        replayed: true,
    }));
    let (reaction, reactions) = ("🎬".repeat(32), most_reactions());
    assert_fits(&Event::Reacted(MessageReacted {
        id,
        message_id,
        by: by(),
        reaction,
        added: false,
        reactions,
        place: place(),
        replayed: true,
    }));
    let message_ids = vec![EventId::LAST; MAX_CLEARED];
    assert_fits(&Event::Cleared(ChatCleared {
        id,
        user_id: UserId(u64::MAX),
        message_ids,
        place: place(),
        replayed: true,
    }));
}

#[test]
fn a_history_has_the_newest_messages_that_fit_and_says_that_there_are_more() {
    let fitting = |messages: Vec<ChatMessage>, more| {
        ChatHistory::fitting(longest_place(), messages, EventId::LAST, more)
    };
    let small = |id| ChatMessage {
        id: EventId(id),
        ..ChatMessage::new(
            EventId(1),
            longest_place(),
            longest_author(),
            "hi".to_owned(),
            Timestamp::from_secs(0),
        )
    };
    let ids = |history: &ChatHistory| history.messages.iter().map(|message| message.id.0).collect::<Vec<_>>();
    let one = fitting(vec![largest_message()], false);
    assert_eq!((one.messages.len(), one.more), (1, false));
    assert_fits(&Event::History(one));
    let few = fitting((1..=3).map(small).collect(), false);
    assert_eq!((ids(&few), few.more), (vec![1, 2, 3], false));
    assert!(fitting((1..=3).map(small).collect(), true).more);
    let many = fitting((1..=200).map(small).collect(), false);
    assert!(
        many.more && many.messages.len() < 50 && ids(&many).ends_with(&[199, 200]),
        "{}",
        many.messages.len()
    );
    assert_fits(&Event::History(many));
    let cut = fitting(vec![largest_message(), small(2), small(3)], false);
    assert_eq!((ids(&cut), cut.more), (vec![2, 3], true));
}

#[test]
fn of_a_crowd_as_many_are_named_as_fit_and_all_are_counted() {
    let person = |id| Person {
        id: UserId(id),
        display_name: longest_name(),
        photo: Some(longest_url()),
        role: ShownRole::Admin,
        is_host: id == 77,
        is_cohost: false,
        is_guest: false,
    };
    let host = Some(NamedPerson { id: UserId(77), name: longest_name() });
    let event = RoomParticipants::fitting(longest_place(), host, (1..=5000).map(person).collect(), 5000);
    assert_eq!(event.count, 5000);
    assert_eq!((event.members[0].id, event.members[1].id), (UserId(77), UserId(1)));
    assert_eq!(event.participants.len(), event.members.len());
    assert_fits(&Event::Participants(event));
    let users: Vec<_> = (1..=5000).map(|id| NamedPerson { id: UserId(id), name: longest_name() }).collect();
    let waiting = WaitingFor::fitting(longest_place(), u64::MAX, users, Timestamp::from_secs(0));
    assert!(waiting.count == 5000 && waiting.users.len() > 100);
    assert_fits(&Event::WaitingFor(waiting));
}

#[test]
fn of_a_queue_as_much_is_told_as_fits() {
    let item = |id: usize, url: &str| QueueItem {
        id: id.to_string(),
        provider: "url".to_owned(),
        video_id: url.to_owned(),
        url: Some(url.to_owned()),
        title: Some("\"".repeat(200)),
        duration: Some(1.0),
        poster: None,
        added_by: NamedPerson { id: UserId(1), name: longest_name() },
    };
    let told = |count: usize, url: &str| {
        QueueUpdated::fitting(longest_place(), (0..count).map(|id| item(id, url)).collect())
    };
    let long = told(100, &"x".repeat(2048));
    assert!(long.more && long.queue.len() >= 5 && long.queue[0].id == "0");
    assert_fits(&Event::QueueUpdated(long));
    assert_eq!((told(10, "x").more, told(10, "x").queue.len()), (false, 10));
    assert!(told(101, "x").more);
}

#[test]
fn an_error_about_the_longest_names_fits() {
    let text = format!(
        r#"{{"type":"{}","room":"{}","client_msg_id":"{}"}}"#,
        "\\u0000".repeat(64),
        "x".repeat(64),
        "🎬".repeat(64)
    );
    let request = ChatCommand::parse(&text);
    assert_fits(&Event::Error(ErrorEvent::refused(request.command.unwrap_err(), &request.regarding)));
    let echo = format!(r#"{{"type":"ping","timestamp":"{}"}}"#, "x".repeat(1022));
    let Ok(ChatCommand::Ping(ping)) = ChatCommand::parse(&echo).command else { panic!("it is a ping") };
    let now = Timestamp::from_secs(0);
    assert_fits(&Event::Pong(Pong { timestamp: ping.timestamp, received_at: now, server_time: now }));
}
