//! The logs of rooms: the contract on each adapter that needs no server, and what an adapter does beyond it.
#![cfg(all(feature = "embedded", feature = "testing"))]
#![expect(clippy::unwrap_used, reason = "a test's helpers may fail as the test may")]

use std::sync::Arc;
use std::time::Duration;

use parlor::domain::chat::{Message, NewEvent};
use parlor::embedded::{Durability, SqliteRoomLog, SqliteTable};
use parlor::ids::{EventId, RoomCode, UserId};
use parlor::ports::{Appended, Clock, NewEntry, RoomLog, Slice, Table};
use parlor::store::TableRoomLog;
use parlor::system::{OsRandom, SystemClock};
use parlor::testing::room_log_contract::LogUnderTest;
use parlor::testing::{Fault, FaultyTable, ShiftedClock};
use tempfile::TempDir;

fn clock() -> Arc<ShiftedClock> {
    Arc::new(ShiftedClock::on(Arc::new(SystemClock)))
}

fn on_any_table(table: Arc<dyn Table>, clock: Arc<dyn Clock>) -> Arc<dyn RoomLog> {
    Arc::new(TableRoomLog::new(table, clock, Arc::new(OsRandom)))
}

fn on_sqlite(table: Arc<SqliteTable>, clock: Arc<dyn Clock>) -> Arc<dyn RoomLog> {
    Arc::new(SqliteRoomLog::new(table, clock, Arc::new(OsRandom)))
}

mod any_table {
    use super::*;

    async fn make() -> (LogUnderTest, ()) {
        let clock = clock();
        let table = Arc::new(SqliteTable::in_memory(clock.clone()).unwrap());
        (LogUnderTest { log: on_any_table(table.clone(), clock.clone()), table, clock }, ())
    }

    parlor::room_log_contract_tests!(make());
}

mod sqlite_in_memory {
    use super::*;

    async fn make() -> (LogUnderTest, ()) {
        let clock = clock();
        let table = Arc::new(SqliteTable::in_memory(clock.clone()).unwrap());
        (LogUnderTest { log: on_sqlite(table.clone(), clock.clone()), table, clock }, ())
    }

    parlor::room_log_contract_tests!(make());
}

mod sqlite_in_a_file {
    use super::*;

    async fn make() -> (LogUnderTest, TempDir) {
        let (folder, clock) = (tempfile::tempdir().unwrap(), clock());
        let path = folder.path().join("parlor.db");
        let table = Arc::new(SqliteTable::open(&path, Durability::Process, clock.clone()).unwrap());
        (LogUnderTest { log: on_sqlite(table.clone(), clock.clone()), table, clock }, folder)
    }

    parlor::room_log_contract_tests!(make());
}

fn room() -> RoomCode {
    "kino".parse().unwrap()
}

fn entry(event: NewEvent) -> NewEntry {
    NewEntry {
        author: Some(UserId(1)),
        session: None,
        at: SystemClock.now(),
        event,
        client_msg_id: None,
        charge: None,
        keep_for: None,
    }
}

fn message(text: &str) -> NewEvent {
    NewEvent::Message(Message { text: text.into(), message_type: "text".into(), ..Message::default() })
}

async fn texts(log: &dyn RoomLog) -> Vec<String> {
    let read = log.read(&room(), Slice::after(EventId::default(), 1000)).await.unwrap();
    let texts = read.entries.iter().filter_map(|entry| entry.event.message());
    texts.map(|message| message.text.clone()).collect()
}

async fn new_id(log: &dyn RoomLog, entry: NewEntry) -> u64 {
    match log.append(&room(), entry).await.unwrap() {
        Appended::New { id, .. } => id.0,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_adapter_goes_on_where_the_other_one_was() {
    let table = Arc::new(SqliteTable::in_memory(clock()).unwrap());
    let logs = [on_sqlite(table.clone(), clock()), on_any_table(table, clock())];
    let mut expected = Vec::new();
    for round in 0..12 {
        // One and one, then two and two: so each also meets what it knows to be the end as the end.
        let log = &logs[if round < 6 { round % 2 } else { round / 2 % 2 }];
        assert_eq!(new_id(&**log, entry(message(&round.to_string()))).await, round as u64 + 1);
        expected.push(round.to_string());
    }
    for log in &logs {
        assert_eq!(texts(&**log).await, expected);
    }
}

/// A log on a table that loses the answer of every nth write, or does not do it.
fn faulty(every: usize, fault: Fault) -> (Arc<dyn RoomLog>, Arc<FaultyTable>) {
    let table = Arc::new(SqliteTable::in_memory(clock()).unwrap());
    let table = Arc::new(FaultyTable::new(table, every, fault));
    (on_any_table(table.clone(), clock()), table)
}

#[tokio::test]
async fn what_was_written_though_its_answer_was_lost_is_new_and_there_once() {
    for (fault, every) in [(Fault::After, 2), (Fault::After, 3), (Fault::Before, 2), (Fault::Before, 3)] {
        let (log, table) = faulty(every, fault);
        for number in 1..=20 {
            let said = NewEntry {
                client_msg_id: (number % 2 == 0).then(|| number.to_string().parse().unwrap()),
                ..entry(message(&number.to_string()))
            };
            assert_eq!(new_id(&*log, said).await, number, "{fault:?} at every {every}");
        }
        assert_eq!(texts(&*log).await, (1..=20).map(|number| number.to_string()).collect::<Vec<_>>());
        assert!(table.writes() >= 20 + 20 / every, "nothing was lost");
    }
}

#[tokio::test]
async fn what_happens_to_a_message_happens_once_though_answers_are_lost() {
    for fault in [Fault::After, Fault::Before] {
        let (log, _) = faulty(3, fault);
        let message_id = EventId(new_id(&*log, entry(message("hello"))).await);
        for user in 1..=10 {
            let event = NewEvent::Reacted { message_id, reaction: "+".into(), added: true };
            new_id(&*log, NewEntry { author: Some(UserId(user)), ..entry(event) }).await;
        }
        let entries = log.get(&room(), &[message_id]).await.unwrap();
        assert_eq!(entries[0].event.message().unwrap().reactions["+"], 10);
        assert_eq!(log.head(&room()).await.unwrap().id, EventId(11));
    }
}

#[tokio::test]
async fn a_table_that_never_answers_is_not_asked_for_ever() {
    let (log, table) = faulty(1, Fault::Before);
    assert!(log.append(&room(), entry(message("hello"))).await.is_err());
    assert!(table.writes() <= 8, "{}", table.writes());
    assert_eq!(texts(&*log).await, [""; 0]);
}

/// The last entry stays, and the one before it, of which it is written down with the next that it may go.
#[tokio::test]
async fn every_entry_goes_in_time_though_writes_fail() {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    for every in 2..=6 {
        let clock = clock();
        let table = Arc::new(SqliteTable::in_memory(clock.clone()).unwrap());
        let log = on_any_table(Arc::new(FaultyTable::new(table, every, Fault::Before)), clock.clone());
        for number in 1..=20 {
            let said = NewEntry { keep_for: Some(DAY), ..entry(message(&number.to_string())) };
            new_id(&*log, said).await;
        }
        clock.advance(2 * DAY);
        let newest = log.read(&room(), Slice::newest(100)).await.unwrap().entries;
        assert_eq!(newest.iter().map(|entry| entry.id.0).collect::<Vec<_>>(), [19, 20], "at every {every}");
        let oldest = log.read(&room(), Slice::after(EventId::default(), 1)).await.unwrap().entries;
        assert_eq!(oldest.first().map(|entry| entry.id.0), Some(19), "at every {every}");
    }
}

/// What came to be though nobody was told is found by its client id.
#[tokio::test]
async fn an_append_that_failed_can_be_made_again() {
    let (log, _) = faulty(1, Fault::After);
    let said = NewEntry { client_msg_id: Some("x".parse().unwrap()), ..entry(message("hello")) };
    let first = log.append(&room(), said.clone()).await.unwrap();
    assert!(matches!(first, Appended::New { id: EventId(1), .. }), "its own entry tells that it is there");
    assert_eq!(log.append(&room(), said).await.unwrap(), Appended::Repeated { id: EventId(1) });
}
