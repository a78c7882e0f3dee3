//! The same once more.

use std::time::Duration;

use futures_util::FutureExt;

use super::{ANN, BOB, LogUnderTest, at_once, fresh_room, ids, message, new_id};
use crate::domain::chat::NewEvent;
use crate::ids::EventId;
use crate::ports::Appended;

/// And the first text stands.
pub async fn what_is_said_again_is_stored_once(under_test: LogUnderTest) {
    let room = fresh_room();
    let first = new_id(&under_test.append(&room, under_test.named(ANN, "x", message("one"))).await);
    under_test.say(&room, "in between").await;
    let again = under_test.append(&room, under_test.named(ANN, "x", message("two"))).await;
    assert_eq!(again, Appended::Repeated { id: first });
    assert_eq!(ids(&under_test.all(&room).await), [1, 2]);
    assert_eq!(under_test.message(&room, first).await.text, "one");
    assert_eq!(under_test.say(&room, "afterwards").await, EventId(3));
}

/// Exactly one of them is new.
pub async fn what_many_say_at_once_under_one_client_id_is_stored_once(under_test: LogUnderTest) {
    let room = fresh_room();
    let (log, code) = (under_test.clone(), room.clone());
    let say = move |_| {
        let (log, code) = (log.clone(), code.clone());
        async move {
            let appended = log.append(&code, log.named(ANN, "x", message("hello"))).await;
            log.say(&code, "something else").await;
            appended
        }
        .boxed()
    };
    let appended = at_once(16, say).await;
    let new: Vec<_> = appended.iter().filter(|one| matches!(one, Appended::New { .. })).collect();
    let [Appended::New { id, .. }] = new[..] else { panic!("new: {new:?}") };
    let repeated = appended.iter().filter(|one| **one == Appended::Repeated { id: *id });
    assert_eq!(repeated.count(), 15);
    assert_eq!(ids(&under_test.all(&room).await), (1..=17).collect::<Vec<_>>());
}

/// And its room's.
pub async fn a_client_id_is_its_authors_own(under_test: LogUnderTest) {
    let (room, other) = (fresh_room(), fresh_room());
    for (room, author, number) in [(&room, ANN, 1), (&room, BOB, 2), (&other, ANN, 1)] {
        let said = under_test.append(room, under_test.named(author, "x", message("hello"))).await;
        assert_eq!(new_id(&said), EventId(number));
    }
}

/// And no longer.
pub async fn a_client_id_is_remembered_for_a_day(under_test: LogUnderTest) {
    let (room, day) = (fresh_room(), Duration::from_secs(86_400));
    let say = async || under_test.append(&room, under_test.named(ANN, "x", message("hello"))).await;
    assert_eq!(new_id(&say().await), EventId(1));
    under_test.clock.advance(day - Duration::from_secs(60));
    assert_eq!(say().await, Appended::Repeated { id: EventId(1) });
    under_test.clock.advance(Duration::from_secs(120));
    assert_eq!(new_id(&say().await), EventId(2));
}

/// Not messages alone have client ids.
pub async fn what_is_done_again_is_done_once(under_test: LogUnderTest) {
    let room = fresh_room();
    let message_id = under_test.say(&room, "hello").await;
    let react = NewEvent::Reacted { message_id, reaction: "+".into(), added: true };
    let reacted = under_test.append(&room, under_test.named(BOB, "x", react.clone())).await;
    assert_eq!(new_id(&reacted), EventId(2));
    let clear = NewEvent::Cleared { message_ids: vec![message_id] };
    under_test.put(&room, ANN, clear).await;
    let again = under_test.append(&room, under_test.named(BOB, "x", react)).await;
    assert_eq!(again, Appended::Repeated { id: EventId(2) }, "though its message is gone");
    assert_eq!(ids(&under_test.all(&room).await), [1, 2, 3]);
}
