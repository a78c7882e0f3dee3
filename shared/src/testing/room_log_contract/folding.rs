//! What events do to the messages that they are about.

use std::collections::BTreeMap;

use futures_util::FutureExt;

use super::{ANN, BOB, LogUnderTest, at_once, fresh_room, ids, new_id};
use crate::domain::chat::{Attachment, FoldRefused, LoggedEvent, Message, NewEvent};
use crate::ids::{EventId, MediaId, RoomCode, StoredName, UserId};
use crate::ports::{
    Appended, Clock as _, Consistency, Direction, Item, Keep, NewEntry, Partition, Query, Slice, SortRange,
};
use crate::protocol::MAX_REACTIONS;

fn edited(message_id: EventId, text: &str) -> NewEvent {
    NewEvent::Edited { message_id, text: text.into() }
}

fn reacted(message_id: EventId, reaction: &str, added: bool) -> NewEvent {
    NewEvent::Reacted { message_id, reaction: reaction.into(), added }
}

/// Its new text is in the message alone.
pub async fn an_edit_changes_the_text_of_its_message(under_test: LogUnderTest) {
    let room = fresh_room();
    let message_id = under_test.say(&room, "one").await;
    let edit = under_test.entry(ANN, edited(message_id, "two"));
    let at = edit.at;
    let Appended::New { id, target, .. } = under_test.append(&room, edit).await else { panic!("not new") };
    let expected = Message {
        text: "two".into(),
        message_type: "text".into(),
        edited_at: Some(at),
        changed_by: Some(id),
        ..Message::default()
    };
    assert_eq!(target.as_deref(), Some(&expected));
    let entries = under_test.all(&room).await;
    assert_eq!(entries[0].event, LoggedEvent::Message(expected));
    assert_eq!(entries[1].event, LoggedEvent::Edited { message_id });
}

impl LogUnderTest {
    /// All that is stored in a partition.
    async fn stored(&self, partition: String) -> Vec<Item> {
        let query = Query {
            partition: Partition::Table(partition),
            range: SortRange::All,
            direction: Direction::Forward,
            limit: 1000,
            after: None,
            consistency: Consistency::Strong,
        };
        self.table.query(&query).await.unwrap().items
    }
}

/// Neither of its texts, nor of who reacted to it.
pub async fn of_a_deleted_message_nothing_is_left_in_storage(under_test: LogUnderTest) {
    let room = fresh_room();
    let message_id = under_test.say(&room, "a secret").await;
    under_test.put(&room, ANN, edited(message_id, "another secret")).await;
    under_test.put(&room, BOB, reacted(message_id, "+", true)).await;
    let reactions = format!("REACT#{}#{message_id}", room.folded());
    assert_eq!(under_test.stored(reactions.clone()).await.len(), 1);
    under_test.put(&room, ANN, NewEvent::Deleted { message_id }).await;
    let deleted = under_test.message(&room, message_id).await;
    assert!(deleted.is_deleted && deleted.text.is_empty() && deleted.reactions.is_empty());
    let stored = under_test.stored(format!("LOG#{}", room.folded())).await;
    assert_eq!(stored.len(), 4);
    assert!(!format!("{stored:?}").contains("secret"), "{stored:?}");
    assert_eq!(under_test.stored(reactions).await, []);
}

/// Each of several messages by itself, whether it is deleted, cleared with many others, or trimmed.
pub async fn a_message_shows_its_file_to_its_room_until_it_is_gone(under_test: LogUnderTest) {
    let room = fresh_room();
    let mut random = [0; 16];
    getrandom::fill(&mut random).unwrap();
    let attachment = Attachment {
        media_id: MediaId::from_random(random),
        stored_name: StoredName::from_random(random, "a.png"),
        name: "a.png".into(),
        content_type: "image/png".into(),
        size: 5,
        picture: None,
    };
    let partition = format!("MEDIA#{}", attachment.media_id);
    let with_file = NewEvent::Message(Message { attachment: Some(attachment), ..Message::default() });
    let mut shown = Vec::new();
    for _ in 0..60 {
        shown.push(under_test.put(&room, ANN, with_file.clone()).await);
    }
    let items = under_test.stored(partition.clone()).await;
    assert!(items.iter().all(|item| item.key.sk.starts_with(&format!("ROOM#{}#", room.folded()))));
    assert_eq!(items.len(), 60);
    under_test.put(&room, ANN, NewEvent::Deleted { message_id: shown[0] }).await;
    assert_eq!(under_test.stored(partition.clone()).await.len(), 59);
    under_test.put(&room, ANN, NewEvent::Cleared { message_ids: shown[..55].to_vec() }).await;
    assert_eq!(under_test.stored(partition.clone()).await.len(), 5);
    under_test.say(&room, "the last one").await;
    while under_test.log.trim(&room, &Keep { messages: Some(1), since: None }).await.unwrap() {}
    assert_eq!(under_test.stored(partition).await, []);
}

/// Each person's own, for a page of messages at once.
pub async fn reactions_are_counted_and_remembered(under_test: LogUnderTest) {
    let room = fresh_room();
    let (one, other) = (under_test.say(&room, "one").await, under_test.say(&room, "other").await);
    for (author, message_id, reaction) in
        [(ANN, one, "+"), (BOB, one, "+"), (BOB, one, "-"), (ANN, other, "-")]
    {
        under_test.put(&room, author, reacted(message_id, reaction, true)).await;
    }
    let counts = |of: &[(&str, u32)]| of.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
    let expected: BTreeMap<String, u32> = counts(&[("+", 2), ("-", 1)]);
    assert_eq!(under_test.message(&room, one).await.reactions, expected);
    let mine = async |user| under_test.log.reactions_of(&room, user, &[one, other]).await.unwrap();
    assert_eq!(mine(BOB).await, BTreeMap::from([(one, vec!["+".to_owned(), "-".to_owned()])]));
    under_test.put(&room, BOB, reacted(one, "+", false)).await;
    under_test.put(&room, BOB, reacted(one, "-", false)).await;
    assert_eq!(under_test.message(&room, one).await.reactions, counts(&[("+", 1)]));
    assert_eq!(mine(BOB).await, BTreeMap::new());
    assert_eq!(mine(ANN).await.len(), 2);
}

/// Each of them, though they all change the same message.
pub async fn reactions_of_many_at_once_are_all_counted(under_test: LogUnderTest) {
    let room = fresh_room();
    let message_id = under_test.say(&room, "hello").await;
    let (log, code) = (under_test.clone(), room.clone());
    at_once(16, move |number| {
        let (log, code) = (log.clone(), code.clone());
        async move { log.put(&code, UserId(number + 1), reacted(message_id, "+", true)).await }.boxed()
    })
    .await;
    assert_eq!(under_test.message(&room, message_id).await.reactions["+"], 16);
    assert_eq!(ids(&under_test.all(&room).await), (1..=17).collect::<Vec<_>>());
}

/// What is about nothing, or would change nothing.
pub async fn what_cannot_be_is_not_appended(under_test: LogUnderTest) {
    let room = fresh_room();
    let message_id = under_test.say(&room, "hello").await;
    let edit = under_test.put(&room, ANN, edited(message_id, "bye")).await;
    for number in 0..MAX_REACTIONS {
        under_test.put(&room, ANN, reacted(message_id, &number.to_string(), true)).await;
    }
    let length = under_test.all(&room).await.len();
    for (event, why) in [
        (edited(EventId(99), "x"), FoldRefused::NoSuchMessage),
        (edited(edit, "x"), FoldRefused::NoSuchMessage),
        (reacted(message_id, "one more", true), FoldRefused::TooManyReactions),
        (reacted(message_id, "3", true), FoldRefused::Unchanged),
        (reacted(message_id, "one more", false), FoldRefused::Unchanged),
    ] {
        let refused = under_test.append(&room, under_test.entry(ANN, event)).await;
        assert_eq!(refused, Appended::NotFolded(why));
    }
    under_test.put(&room, ANN, NewEvent::Deleted { message_id }).await;
    let again = under_test.append(&room, under_test.entry(ANN, NewEvent::Deleted { message_id })).await;
    assert_eq!(again, Appended::NotFolded(FoldRefused::NoSuchMessage));
    assert_eq!(under_test.all(&room).await.len(), length + 1);
}

/// More than go into one transaction; what is deleted already, or not there, is passed over, and of a reaction its words go.
pub async fn a_clear_takes_many_messages_away(under_test: LogUnderTest) {
    let room = fresh_room();
    for number in 0..120 {
        under_test.say(&room, &format!("secret {number}")).await;
    }
    under_test.put(&room, BOB, reacted(EventId(5), "+", true)).await;
    under_test.put(&room, ANN, NewEvent::Deleted { message_id: EventId(1) }).await;
    let asked: Vec<EventId> = (1..=121).rev().chain([999, 120]).map(EventId).collect();
    let cleared = under_test.put(&room, ANN, NewEvent::Cleared { message_ids: asked }).await;
    let entries = under_test.all(&room).await;
    assert_eq!((entries.len(), entries[122].id), (123, cleared));
    let messages = entries.iter().filter_map(|entry| entry.event.message());
    assert!(messages.clone().all(|message| message.is_deleted && message.text.is_empty()));
    assert_eq!(messages.count(), 120);
    let wordless = LoggedEvent::Reacted { message_id: EventId(5), reaction: String::new(), added: true };
    assert_eq!(entries[120].event, wordless);
    let LoggedEvent::Cleared { message_ids } = &entries[122].event else { panic!("{:?}", entries[122]) };
    assert_eq!(message_ids.len(), 122);
    let reactions = under_test.log.reactions_of(&room, BOB, &[EventId(5)]).await.unwrap();
    assert_eq!(reactions, BTreeMap::new());
}

async fn edit_on_and_on(under_test: LogUnderTest, room: RoomCode, message_id: EventId) {
    for number in 0..30 {
        let entry = NewEntry {
            at: under_test.clock.now(),
            ..under_test.entry(ANN, edited(message_id, &number.to_string()))
        };
        new_id(&under_test.append(&room, entry).await);
    }
}

/// Whoever has read of an edit reads the edited text.
pub async fn no_event_is_seen_before_what_it_did(under_test: LogUnderTest) {
    let room = fresh_room();
    let message_id = under_test.say(&room, "hello").await;
    let editing = tokio::spawn(edit_on_and_on(under_test.clone(), room.clone(), message_id));
    let mut seen = message_id;
    while seen < EventId(31) {
        seen = under_test.log.read(&room, Slice::newest(1)).await.unwrap().entries[0].id;
        let changed_by = under_test.message(&room, message_id).await.changed_by;
        assert!(seen == message_id || changed_by >= Some(seen), "{seen} is there, but {changed_by:?}");
    }
    editing.await.unwrap();
    assert_eq!(under_test.message(&room, message_id).await.text, "29");
}
