//! Entries one after another.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::FutureExt;

use super::{ANN, BOB, LogUnderTest, at_once, fresh_room, ids, message, new_id};
use crate::domain::chat::{Attachment, LoggedEvent, Message, NewEvent};
use crate::domain::media::PictureSize;
use crate::ids::{EventId, MediaId, RoomCode, SessionId, StoredName, UserId};
use crate::ports::{Appended, Clock as _, Entry, Head, NewEntry, Slice};

const WRITERS: u64 = 32;
const EACH: u64 = 4;

/// Each writer says some things, every second one under a client id.
async fn write(under_test: LogUnderTest, room: RoomCode, writer: u64) -> Vec<u64> {
    let mut mine = Vec::new();
    for round in 0..EACH {
        let event = message(&format!("{writer}-{round}"));
        let entry = match writer % 2 {
            0 => under_test.entry(UserId(writer + 1), event),
            _ => under_test.named(UserId(writer + 1), &round.to_string(), event),
        };
        mine.push(new_id(&under_test.append(&room, entry).await).0);
    }
    mine
}

/// And each entry that was answered is there, once, with what was said.
pub async fn ids_have_no_gap_under_32_writers(under_test: LogUnderTest) {
    let room = fresh_room();
    let (log, code) = (under_test.clone(), room.clone());
    let answered = at_once(WRITERS, move |writer| write(log.clone(), code.clone(), writer).boxed()).await;
    for mine in &answered {
        assert!(mine.is_sorted(), "whoever waits for an answer is before what they say next: {mine:?}");
    }
    let answered: Vec<u64> = answered.into_iter().flatten().collect();
    let expected: Vec<u64> = (1..=WRITERS * EACH).collect();
    assert_eq!(answered.iter().copied().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>(), expected);
    let entries = under_test.all(&room).await;
    assert_eq!(ids(&entries), expected);
    assert_eq!(entries.iter().map(|entry| entry.messages).collect::<Vec<_>>(), expected);
    let said: BTreeSet<&str> =
        entries.iter().filter_map(|entry| Some(entry.event.message()?.text.as_str())).collect();
    assert_eq!(said.len(), expected.len());
    let head = Head { id: EventId(WRITERS * EACH), messages: WRITERS * EACH };
    assert_eq!(under_test.log.head(&room).await.unwrap(), head);
}

/// Reads on and on, in both directions, until the writers are done and nothing is left.
async fn read_on(under_test: LogUnderTest, room: RoomCode, done: Arc<AtomicBool>) -> u64 {
    let mut last = EventId::default();
    loop {
        let was_done = done.load(Ordering::SeqCst);
        let read = under_test.log.read(&room, Slice::after(last, 7)).await.unwrap();
        for entry in &read.entries {
            assert_eq!(entry.id, last.next(), "a reader passed over an entry");
            last = entry.id;
        }
        let newest = under_test.log.read(&room, Slice::newest(20)).await.unwrap();
        assert!(newest.entries.windows(2).all(|pair| pair[1].id == pair[0].id.next()), "{newest:?}");
        assert!(newest.entries.last().map_or(0, |entry| entry.id.0) >= last.0);
        if was_done && read.entries.is_empty() && !read.more {
            return last.0;
        }
    }
}

/// Whatever is being written.
pub async fn no_reader_ever_sees_a_hole(under_test: LogUnderTest) {
    let (room, done) = (fresh_room(), Arc::new(AtomicBool::new(false)));
    let readers: Vec<_> =
        (0..4).map(|_| tokio::spawn(read_on(under_test.clone(), room.clone(), Arc::clone(&done)))).collect();
    let (log, code) = (under_test.clone(), room.clone());
    at_once(16, move |writer| write(log.clone(), code.clone(), writer).boxed()).await;
    done.store(true, Ordering::SeqCst);
    for reader in readers {
        assert_eq!(reader.await.unwrap(), 16 * EACH);
    }
}

/// Down to the last field.
pub async fn what_was_said_is_read_as_it_was_said(under_test: LogUnderTest) {
    let room = fresh_room();
    let said = Message {
        text: "Grüße, \"world\" 👋\n".into(),
        message_type: "image".into(),
        attachment: Some(Attachment {
            media_id: MediaId::from_random([1; 16]),
            stored_name: StoredName::from_random([2; 16], "a.png"),
            name: "a b.png".into(),
            content_type: "image/png".into(),
            size: 5_000_000_000,
            picture: Some(PictureSize { width: 640, height: 480 }),
        }),
        reply_to: Some(EventId(7)),
        mentions: vec![BOB, ANN],
        media_time: Some(61.5),
        item: Some("item".into()),
        client_msg_id: Some("mine".parse().unwrap()),
        ..Message::default()
    };
    let entry = NewEntry {
        session: Some(SessionId::from_random([3; 16])),
        ..under_test.named(BOB, "mine", NewEvent::Message(said.clone()))
    };
    let appended = under_test.append(&room, entry.clone()).await;
    let id = EventId(1);
    assert_eq!(appended, Appended::New { id, messages: 1, charged: None, target: None });
    let event = LoggedEvent::Message(said);
    let expected = Entry { id, messages: 1, author: Some(BOB), session: entry.session, at: entry.at, event };
    assert_eq!(under_test.all(&room).await, [expected]);
}

/// Whatever case their codes are written in.
pub async fn every_room_has_a_log_of_its_own(under_test: LogUnderTest) {
    let (one, other) = (fresh_room(), fresh_room());
    assert_eq!(under_test.say(&one, "a").await, EventId(1));
    assert_eq!(under_test.say(&other, "b").await, EventId(1));
    let shouted: RoomCode = one.as_str().to_uppercase().parse().unwrap();
    assert_eq!(under_test.say(&shouted, "c").await, EventId(2));
    assert_eq!(ids(&under_test.all(&one).await), [1, 2]);
    assert_eq!(ids(&under_test.all(&other).await), [1]);
}

/// Each entry says how many there were up to it.
pub async fn only_messages_are_counted(under_test: LogUnderTest) {
    let room = fresh_room();
    let first = under_test.say(&room, "a").await;
    let edit = NewEvent::Edited { message_id: first, text: "b".into() };
    under_test.put(&room, ANN, edit).await;
    under_test.put(&room, ANN, NewEvent::Deleted { message_id: first }).await;
    let last = NewEntry { at: under_test.clock.now(), ..under_test.entry(BOB, message("c")) };
    let appended = under_test.append(&room, last).await;
    assert_eq!(appended, Appended::New { id: EventId(4), messages: 2, charged: None, target: None });
    let counts: Vec<_> = under_test.all(&room).await.iter().map(|entry| entry.messages).collect();
    assert_eq!(counts, [1, 1, 1, 2], "what was deleted was there");
}
