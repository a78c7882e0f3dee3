//! What becomes of old entries.

use std::time::Duration;

use super::{ANN, LogUnderTest, fresh_room, ids, message, new_id};
use crate::domain::chat::NewEvent;
use crate::ids::{EventId, RoomCode};
use crate::ports::{Clock as _, Head, Keep, NewEntry, Slice};

const DAY: Duration = Duration::from_secs(86_400);

impl LogUnderTest {
    /// Says something in a room that keeps what is said for a day.
    async fn say_for_a_day(&self, room: &RoomCode) -> u64 {
        let entry = NewEntry { keep_for: Some(DAY), ..self.entry(ANN, message("hello")) };
        new_id(&self.append(room, entry).await).0
    }

    async fn trim(&self, room: &RoomCode, keep: &Keep) {
        while self.log.trim(room, keep).await.unwrap() {}
    }
}

/// However long nobody says anything.
pub async fn the_newest_entry_never_expires_and_numbering_goes_on(under_test: LogUnderTest) {
    let room = fresh_room();
    for id in 1..=3 {
        assert_eq!(under_test.say_for_a_day(&room).await, id);
    }
    under_test.clock.advance(DAY * 30);
    assert_eq!(under_test.log.head(&room).await.unwrap(), Head { id: EventId(3), messages: 3 });
    assert_eq!(ids(&under_test.all(&room).await).last(), Some(&3));
    for id in 4..=6 {
        under_test.clock.advance(DAY * 30);
        assert_eq!(under_test.say_for_a_day(&room).await, id);
    }
    let head = under_test.log.head(&room).await.unwrap();
    assert_eq!(head, Head { id: EventId(6), messages: 6 }, "what has expired still counts");
}

/// In both directions, without a hint of what was before.
pub async fn reading_begins_after_what_has_expired(under_test: LogUnderTest) {
    let room = fresh_room();
    for _ in 0..5 {
        under_test.say_for_a_day(&room).await;
    }
    assert_eq!(ids(&under_test.all(&room).await), [1, 2, 3, 4, 5], "nothing has expired yet");
    under_test.clock.advance(DAY * 2);
    under_test.say_for_a_day(&room).await;
    under_test.say_for_a_day(&room).await;
    assert_eq!(ids(&under_test.all(&room).await), [6, 7]);
    let newest = under_test.log.read(&room, Slice::newest(10)).await.unwrap();
    assert_eq!((ids(&newest.entries), newest.more), (vec![6, 7], false));
    let first = under_test.log.read(&room, Slice::after(EventId(1), 1)).await.unwrap();
    assert_eq!((ids(&first.entries), first.more), (vec![6], true));
    assert_eq!(under_test.log.get(&room, &[EventId(2)]).await.unwrap(), []);
}

/// And what happened between and after them.
pub async fn a_trimmed_log_keeps_the_last_messages(under_test: LogUnderTest) {
    let room = fresh_room();
    for text in ["a", "b", "c", "d"] {
        let message_id = under_test.say(&room, text).await;
        let reaction = "+".to_owned();
        under_test.put(&room, ANN, NewEvent::Reacted { message_id, reaction, added: true }).await;
    }
    under_test.trim(&room, &Keep { messages: Some(2), since: None }).await;
    assert_eq!(ids(&under_test.all(&room).await), [5, 6, 7, 8]);
    let reactions = under_test.log.reactions_of(&room, ANN, &[EventId(3), EventId(5)]).await.unwrap();
    assert_eq!(reactions.into_keys().collect::<Vec<_>>(), [EventId(5)]);
    under_test.trim(&room, &Keep::default()).await;
    assert_eq!(ids(&under_test.all(&room).await), [5, 6, 7, 8]);
    under_test.trim(&room, &Keep { messages: Some(0), since: None }).await;
    assert_eq!(ids(&under_test.all(&room).await), [8], "the last one stays");
    assert_eq!(under_test.say(&room, "e").await, EventId(9));
}

/// However many steps that takes.
pub async fn a_trimmed_log_keeps_what_is_recent(under_test: LogUnderTest) {
    let room = fresh_room();
    for number in 0..150 {
        under_test.say(&room, &number.to_string()).await;
    }
    under_test.clock.advance(DAY);
    let since = Some(under_test.clock.now());
    under_test.say(&room, "recent").await;
    under_test.say(&room, "most recent").await;
    under_test.trim(&room, &Keep { messages: None, since }).await;
    assert_eq!(ids(&under_test.all(&room).await), [151, 152]);
}
