//! What the SQLite table does beyond the contract of its port.
#![cfg(all(feature = "embedded", feature = "testing"))]
#![expect(clippy::unwrap_used, reason = "a test's helpers may fail as the test may")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use parlor::embedded::{Durability, OpenTableError, SqliteTable};
use parlor::ports::Clock;
use parlor::ports::{
    Change, Comparison, Condition, Consistency, EXPIRES_AT, Item, Key, Table, TableError, Write,
};
use parlor::testing::SettableClock;
use serde_json::{Value, json};
use tempfile::TempDir;

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("parlor.db")
    }

    fn open(&self) -> SqliteTable {
        open(&self.file()).unwrap()
    }
}

fn open(path: &Path) -> Result<SqliteTable, OpenTableError> {
    SqliteTable::open(path, Durability::Process, Arc::new(SettableClock::default()))
}

fn key(sk: &str) -> Key {
    Key { pk: "P".into(), sk: sk.into() }
}

fn put(sk: &str, name: &str, value: Value) -> Write {
    let attributes = [(name.to_owned(), value)].into_iter().collect();
    Write::Put(Item { key: key(sk), attributes }, Condition::Always)
}

async fn is_there(table: &SqliteTable, sk: &str) -> bool {
    table.get(&key(sk), Consistency::Strong).await.unwrap().is_some()
}

#[tokio::test]
async fn what_was_written_is_there_when_the_file_is_opened_again() {
    let folder = Folder::new();
    for durability in [Durability::Process, Durability::Power] {
        let table =
            SqliteTable::open(&folder.file(), durability, Arc::new(SettableClock::default())).unwrap();
        table.write(put("kept", "a", json!(durability == Durability::Power))).await.unwrap();
        table.close().await.unwrap();
    }
    let item = folder.open().get(&key("kept"), Consistency::Strong).await.unwrap().unwrap();
    assert_eq!(item.attributes["a"], json!(true));
}

#[tokio::test]
async fn a_closed_table_answers_that_it_is_unavailable() {
    let folder = Folder::new();
    for table in [folder.open(), SqliteTable::in_memory(Arc::new(SettableClock::default())).unwrap()] {
        table.close().await.unwrap();
        table.close().await.unwrap();
        let read = table.get(&key("x"), Consistency::Strong).await;
        assert!(matches!(read, Err(TableError::Unavailable(_))));
        let written = table.write(put("x", "a", json!(1))).await;
        assert!(matches!(written, Err(TableError::Unavailable(_))));
    }
}

#[tokio::test]
async fn closing_leaves_one_file_that_holds_all_that_was_queued() {
    let folder = Folder::new();
    let table = Arc::new(folder.open());
    let writes: Vec<_> = (0..100)
        .map(|n| {
            let table = Arc::clone(&table);
            tokio::spawn(async move { table.write(put(&n.to_string(), "n", json!(n))).await })
        })
        .collect();
    tokio::task::yield_now().await;
    table.close().await.unwrap();
    assert!(!folder.0.path().join("parlor.db-wal").exists());
    let reopened = folder.open();
    for (n, write) in writes.into_iter().enumerate() {
        let answered = write.await.unwrap().is_ok();
        assert_eq!(is_there(&reopened, &n.to_string()).await, answered, "write {n}");
    }
}

/// So much is written that SQLite's log is moved into the file several times, beside those who write and read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_is_moved_while_it_is_written_and_nothing_is_lost() {
    let folder = Folder::new();
    let table = Arc::new(folder.open());
    let writers = ["a", "b", "c", "d"].map(|writer| {
        let table = Arc::clone(&table);
        tokio::spawn(async move {
            for n in 0..1500 {
                table.write(put(&format!("{writer}{n}"), "text", json!("x".repeat(500)))).await.unwrap();
                assert!(is_there(&table, &format!("{writer}{n}")).await, "{writer}{n} was just written");
            }
        })
    });
    for writer in writers {
        writer.await.unwrap();
    }
    let size = std::fs::metadata(folder.file()).unwrap().len();
    assert!(size > 1_000_000, "the file itself has only {size} bytes, of three million");
    table.close().await.unwrap();
    let reopened = folder.open();
    for name in ["a0", "d1499", "b700"] {
        assert!(is_there(&reopened, name).await, "{name}");
    }
}

#[tokio::test]
async fn a_file_has_one_owner_at_a_time() {
    let folder = Folder::new();
    let table = folder.open();
    assert!(matches!(open(&folder.file()), Err(OpenTableError::InUse(path)) if path == folder.file()));
    table.close().await.unwrap();
    assert!(open(&folder.file()).is_ok());
}

fn open_shared(path: &Path) -> Result<SqliteTable, OpenTableError> {
    SqliteTable::open_shared(path, Durability::Power, Arc::new(SettableClock::default()))
}

/// Adds one, on the condition that so many were added before; tells whether that was so.
async fn count_up(table: &SqliteTable, from: i64) -> bool {
    let known = Condition::Compare("n".into(), Comparison::Equal, json!(from));
    let write = Write::Update(key("count"), vec![Change::Add("n".into(), 1)], known);
    match table.write(write).await {
        Ok(_) => true,
        Err(TableError::ConditionFailed(_)) => false,
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_its_owner_a_file_is_read_and_written_and_conditions_hold_for_both() {
    let folder = Folder::new();
    let (owner, beside) = (Arc::new(folder.open()), Arc::new(open_shared(&folder.file()).unwrap()));
    owner.write(put("count", "n", json!(0))).await.unwrap();
    let counting = [owner.clone(), beside.clone()].map(|table| {
        tokio::spawn(async move {
            let mut mine = 0;
            for number in 0..500 {
                if count_up(&table, number).await {
                    mine += 1;
                } else {
                    let item = table.get(&key("count"), Consistency::Strong).await.unwrap().unwrap();
                    assert!(item.attributes["n"].as_i64().unwrap() > number);
                }
            }
            mine
        })
    });
    let [by_owner, by_other] = counting;
    assert_eq!(by_owner.await.unwrap() + by_other.await.unwrap(), 500, "each number was counted once");
    beside.close().await.unwrap();
    owner.write(put("after", "n", json!(1))).await.unwrap();
    owner.close().await.unwrap();
    assert!(!folder.0.path().join("parlor.db-wal").exists());
    let alone = open_shared(&folder.file()).unwrap();
    assert!(is_there(&alone, "after").await);
    assert!(matches!(open(&folder.file()), Err(OpenTableError::InUse(_))), "alone, it keeps others out");
}

#[tokio::test]
async fn a_file_that_its_owner_has_yet_to_make_is_not_made_beside_them() {
    let folder = Folder::new();
    let lock = folder.0.path().join("parlor.db.lock");
    let lock = std::fs::File::create(lock).unwrap();
    lock.lock().unwrap();
    assert!(matches!(open_shared(&folder.file()), Err(OpenTableError::InUse(_))));
    rusqlite::Connection::open(folder.file()).unwrap();
    assert!(matches!(open_shared(&folder.file()), Err(OpenTableError::InUse(_))));
}

#[tokio::test]
async fn a_file_of_a_later_version_is_left_alone() {
    let folder = Folder::new();
    folder.open().close().await.unwrap();
    let db = rusqlite::Connection::open(folder.file()).unwrap();
    db.pragma_update(None, "user_version", 2).unwrap();
    drop(db);
    assert!(matches!(open(&folder.file()), Err(OpenTableError::Newer { found: 2, known: 1, .. })));
}

#[test]
fn a_file_that_is_something_else_is_refused() {
    let folder = Folder::new();
    std::fs::write(folder.file(), "once upon a time there was a text".repeat(100)).unwrap();
    assert!(
        matches!(open(&folder.file()), Err(OpenTableError::Sqlite { path, .. }) if path == folder.file())
    );
    let nowhere = folder.0.path().join("no/such/folder.db");
    assert!(
        matches!(open(&nowhere), Err(OpenTableError::Lock { path, .. }) if path.starts_with(folder.0.path()))
    );
}

#[tokio::test]
async fn an_item_expires_at_its_second() {
    let clock = Arc::new(SettableClock::default());
    let table = SqliteTable::in_memory(Arc::clone(&clock) as _).unwrap();
    table.write(put("x", EXPIRES_AT, json!(clock.now().as_secs() + 60))).await.unwrap();
    clock.advance(Duration::from_micros(59_999_999));
    assert!(is_there(&table, "x").await);
    clock.advance(Duration::from_micros(1));
    assert!(!is_there(&table, "x").await);
}

#[tokio::test]
async fn a_sweep_deletes_what_has_expired_and_nothing_else() {
    let clock = Arc::new(SettableClock::default());
    let table = SqliteTable::in_memory(Arc::clone(&clock) as _).unwrap();
    let now = clock.now().as_secs();
    for n in 0..1200 {
        table.write(put(&format!("old{n}"), EXPIRES_AT, json!(now))).await.unwrap();
    }
    table.write(put("young", EXPIRES_AT, json!(now + 1))).await.unwrap();
    table.write(put("eternal", "a", json!(1))).await.unwrap();
    assert_eq!(table.sweep().await.unwrap(), 1200);
    assert_eq!(table.sweep().await.unwrap(), 0);
    assert!(is_there(&table, "young").await && is_there(&table, "eternal").await);
}

#[tokio::test]
async fn a_sum_beyond_64_bits_is_refused() {
    let table = SqliteTable::in_memory(Arc::new(SettableClock::default())).unwrap();
    let add = |amount| Write::Update(key("n"), vec![Change::Add("n".into(), amount)], Condition::Always);
    table.write(add(i64::MAX)).await.unwrap();
    assert!(matches!(table.write(add(1)).await, Err(TableError::Invalid(_))));
    let item = table.write(add(-1)).await.unwrap().unwrap();
    assert_eq!(item.attributes["n"], json!(i64::MAX - 1));
}

/// Where the child of the test below writes.
const CHILD_FILE: &str = "PARLOR_TEST_KILLED_CHILD_FILE";

/// Runs in two processes: the child writes as fast as it can and says what was answered, until its parent kills it.
#[test]
fn nothing_answered_is_lost_to_kill_9() {
    if let Some(file) = std::env::var_os(CHILD_FILE) {
        tokio::runtime::Runtime::new().unwrap().block_on(write_until_killed(Path::new(&file)));
        return;
    }
    let folder = Folder::new();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "nothing_answered_is_lost_to_kill_9", "--nocapture"])
        .env(CHILD_FILE, folder.file())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut answered: Vec<_> = lines.by_ref().filter_map(number_in).take(2000).collect();
    assert!(matches!(open(&folder.file()), Err(OpenTableError::InUse(_))));
    child.kill().unwrap();
    child.wait().unwrap();
    answered.extend(lines.filter_map(number_in));
    assert!(answered.len() >= 2000, "the child ended by itself");
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let table = folder.open();
        for number in &answered {
            assert!(is_there(&table, number).await, "{number} of {} is lost", answered.len());
        }
        table.write(put("afterwards", "a", json!(1))).await.unwrap();
    });
}

/// The number in a line of the child; none in a line that was cut off or is the test harness's own.
fn number_in(line: String) -> Option<String> {
    Some(line.strip_prefix("answered ")?.strip_suffix('.')?.to_owned())
}

#[expect(clippy::print_stdout, reason = "the parent reads it")]
async fn write_until_killed(file: &Path) {
    let table = Arc::new(open(file).unwrap());
    let writers = (0..16).map(|writer| {
        let table = Arc::clone(&table);
        tokio::spawn(async move {
            for round in 0.. {
                let number = format!("{writer}-{round}");
                table.write(put(&number, "text", json!("x".repeat(200)))).await.unwrap();
                println!("answered {number}.");
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
}
