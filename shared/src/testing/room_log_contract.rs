//! What every [`RoomLog`] does.

#![expect(clippy::unwrap_used, reason = "a scenario is a test")]

pub mod appending;
pub mod charging;
pub mod consenting;
pub mod expiring;
pub mod folding;
pub mod reading;
pub mod repeating;

use std::sync::Arc;

use futures_util::future::join_all;

use super::ShiftedClock;
use crate::domain::chat::{Message, NewEvent};
use crate::ids::{EventId, RoomCode, UserId};
use crate::ports::{Appended, Clock as _, Entry, NewEntry, RoomLog, Slice, Table};

/// A log, the table on which it stands, and the clock by which both go.
#[derive(Debug, Clone)]
pub struct LogUnderTest {
    /// The log.
    pub log: Arc<dyn RoomLog>,
    /// The table.
    pub table: Arc<dyn Table>,
    /// The clock.
    pub clock: Arc<ShiftedClock>,
}

/// One test for each scenario of the [`RoomLog`] port.
#[macro_export]
macro_rules! room_log_contract_tests {
    (#$attribute:tt $make:expr) => {
        $crate::scenarios! { #$attribute $make, room_log_contract,
            appending {
                ids_have_no_gap_under_32_writers,
                no_reader_ever_sees_a_hole,
                what_was_said_is_read_as_it_was_said,
                every_room_has_a_log_of_its_own,
                only_messages_are_counted,
            }
            repeating {
                what_is_said_again_is_stored_once,
                what_many_say_at_once_under_one_client_id_is_stored_once,
                a_client_id_is_its_authors_own,
                a_client_id_is_remembered_for_a_day,
                what_is_done_again_is_done_once,
            }
            charging {
                a_charge_answers_the_item_as_it_is_now,
                what_is_refused_leaves_nothing_behind,
                a_repetition_passes_a_charge_that_refuses,
                a_repetition_is_not_charged,
                a_budget_holds_under_32_writers,
            }
            consenting {
                what_nobody_consents_to_is_not_appended,
                entries_are_kept_as_long_as_the_consent_says,
                a_message_says_what_was_found_out_while_it_was_charged,
            }
            folding {
                an_edit_changes_the_text_of_its_message,
                of_a_deleted_message_nothing_is_left_in_storage,
                a_message_shows_its_file_to_its_room_until_it_is_gone,
                reactions_are_counted_and_remembered,
                reactions_of_many_at_once_are_all_counted,
                what_cannot_be_is_not_appended,
                a_clear_takes_many_messages_away,
                no_event_is_seen_before_what_it_did,
            }
            reading {
                a_log_is_read_page_by_page_in_both_directions,
                a_slice_has_what_lies_between_its_ends,
                an_empty_log_has_a_beginning,
                entries_are_got_by_number,
            }
            expiring {
                the_newest_entry_never_expires_and_numbering_goes_on,
                reading_begins_after_what_has_expired,
                a_trimmed_log_keeps_the_last_messages,
                a_trimmed_log_keeps_what_is_recent,
            }
        }
    };
    ($make:expr) => {
        $crate::room_log_contract_tests! { #[cfg(test)] $make }
    };
}

const ANN: UserId = UserId(1);
const BOB: UserId = UserId(2);

/// A room in which nobody has spoken, not even in an earlier run on the same table.
fn fresh_room() -> RoomCode {
    format!("Room-{:016x}", getrandom::u64().unwrap()).parse().unwrap()
}

fn message(text: &str) -> NewEvent {
    NewEvent::Message(Message { text: text.into(), message_type: "text".into(), ..Message::default() })
}

impl LogUnderTest {
    fn entry(&self, author: UserId, event: NewEvent) -> NewEntry {
        NewEntry {
            author: Some(author),
            session: None,
            at: self.clock.now(),
            event,
            client_msg_id: None,
            charge: None,
            keep_for: None,
        }
    }

    fn named(&self, author: UserId, client_msg_id: &str, event: NewEvent) -> NewEntry {
        NewEntry { client_msg_id: Some(client_msg_id.parse().unwrap()), ..self.entry(author, event) }
    }

    /// Appends until it isn't too busy any more.
    async fn append(&self, room: &RoomCode, entry: NewEntry) -> Appended {
        loop {
            match self.log.append(room, entry.clone()).await.unwrap() {
                Appended::Busy => {}
                appended => return appended,
            }
        }
    }

    /// Appends something that is new; answers its number.
    async fn put(&self, room: &RoomCode, author: UserId, event: NewEvent) -> EventId {
        new_id(&self.append(room, self.entry(author, event)).await)
    }

    async fn say(&self, room: &RoomCode, text: &str) -> EventId {
        self.put(room, ANN, message(text)).await
    }

    /// The whole log.
    async fn all(&self, room: &RoomCode) -> Vec<Entry> {
        let read = self.log.read(room, Slice::after(EventId::default(), 10_000)).await.unwrap();
        assert!(!read.more);
        read.entries
    }

    async fn message(&self, room: &RoomCode, id: EventId) -> Message {
        let entry = self.log.get(room, &[id]).await.unwrap().remove(0);
        entry.event.message().unwrap().clone()
    }
}

/// The number of something that is new.
fn new_id(appended: &Appended) -> EventId {
    match appended {
        Appended::New { id, .. } => *id,
        other => panic!("it should be new, but: {other:?}"),
    }
}

fn ids(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.id.0).collect()
}

/// What so many come to that do the same at once.
async fn at_once<T: Send + 'static>(
    many: u64,
    work: impl Fn(u64) -> futures_util::future::BoxFuture<'static, T>,
) -> Vec<T> {
    let tasks = (0..many).map(|number| tokio::spawn(work(number)));
    join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}
