//! How many messages a second one process stores: `cargo bench -p parlor --features embedded --bench room_log`. Writers talk in
//! rooms of ten, in files as `local-dev` has them. Beside it, how many plain items of a message's size are put.
#![expect(clippy::print_stdout, reason = "a bench says what it has measured")]

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parlor::domain::chat::{Message, NewEvent};
use parlor::embedded::{Durability, SqliteRoomLog, SqliteTable};
use parlor::ids::{RoomCode, SessionId, UserId};
use parlor::ports::{
    Appended, Change, Clock as _, Comparison, Condition, Item, Key, NewEntry, RoomLog, Table, Write,
};
use parlor::system::{OsRandom, SystemClock};
use serde_json::{Map, json};
use tokio::task::JoinSet;

const ROUND: Duration = Duration::from_secs(3);
const MEMBERS: u64 = 10;

type Failure = Box<dyn Error + Send + Sync>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Put,
    Append,
    ChargedAppend,
    NamedAppend,
}

/// One who writes.
struct Writer {
    table: Arc<SqliteTable>,
    log: SqliteRoomLog,
    room: RoomCode,
    user: UserId,
    text: String,
}

fn main() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    for writers in [1, 64] {
        for what in [What::Put, What::Append, What::ChargedAppend, What::NamedAppend] {
            let rate = runtime.block_on(measure(what, writers))?;
            println!("{what:?}, {writers} writers: {rate:.0} per second");
        }
    }
    Ok(())
}

async fn measure(what: What, writers: u64) -> Result<f64, Failure> {
    let folder = tempfile::tempdir()?;
    let (clock, random) = (Arc::new(SystemClock), Arc::new(OsRandom));
    let path = folder.path().join("parlor.db");
    let table = Arc::new(SqliteTable::open(&path, Durability::Process, clock.clone())?);
    let log = SqliteRoomLog::new(table.clone(), clock, random);
    let mut tasks = JoinSet::new();
    let began = Instant::now();
    for number in 0..writers {
        let writer = Writer {
            table: table.clone(),
            log: log.clone(),
            room: format!("room{}", number / MEMBERS).parse()?,
            user: UserId(number + 1),
            text: "x".repeat(100),
        };
        tasks.spawn(async move { writer.write_until(what, began + ROUND).await });
    }
    let mut written = 0;
    while let Some(task) = tasks.join_next().await {
        written += task??;
    }
    let took = began.elapsed();
    table.close().await?;
    Ok(f64::from(written) / took.as_secs_f64())
}

impl Writer {
    async fn write_until(self, what: What, end: Instant) -> Result<u32, Failure> {
        self.become_member().await?;
        let mut written = 0;
        while Instant::now() < end {
            match what {
                What::Put => self.put(written).await?,
                _ => self.append(what, written).await?,
            }
            written += 1;
        }
        Ok(written)
    }

    fn member(&self) -> Key {
        Key { pk: format!("MEMBERS#{}", self.room), sk: self.user.to_string() }
    }

    async fn become_member(&self) -> Result<(), Failure> {
        let row = json!({"role": "member", "status": "APPROVED", "name": "Somebody", "since": 1_800_000_000,
            "photo": "avatar-0123456789abcdef0123456789abcdef.png", "read": 17, "read_messages": 15});
        let attributes = row.as_object().cloned().unwrap_or_default();
        self.table.write(Write::Put(Item { key: self.member(), attributes }, Condition::Always)).await?;
        Ok(())
    }

    async fn put(&self, number: u32) -> Result<(), Failure> {
        let key = Key { pk: format!("LOG#{}", self.room), sk: format!("{}#{number:010}", self.user) };
        let mut attributes = Map::new();
        attributes.insert("x".into(), self.text.clone().into());
        attributes.insert("s".into(), "0123456789abcdef0123456789abcdef".into());
        attributes.insert("c".into(), "0123456789a".into());
        for name in ["n", "at", "u"] {
            attributes.insert(name.into(), 1_800_000_000_000_000_u64.into());
        }
        self.table.write(Write::Put(Item { key, attributes }, Condition::Absent)).await?;
        Ok(())
    }

    async fn append(&self, what: What, number: u32) -> Result<(), Failure> {
        let text = self.text.clone();
        let message = Message { text, message_type: "text".into(), ..Message::default() };
        let name = (what == What::NamedAppend).then(|| number.to_string().parse()).transpose()?;
        let entry = NewEntry {
            author: Some(self.user),
            session: Some(SessionId::from_random([7; 16])),
            at: SystemClock.now(),
            event: NewEvent::Message(message),
            client_msg_id: name,
            charge: (what != What::Append).then(|| self.charge(number)),
            keep_for: None,
        };
        match self.log.append(&self.room, entry).await? {
            Appended::New { .. } => Ok(()),
            other => Err(format!("{other:?}").into()),
        }
    }

    /// As the rules of chat have it: approved, not muted, within the budget, and no repetition.
    fn charge(&self, number: u32) -> Write {
        let not = |condition| Condition::Not(Box::new(condition));
        let condition = Condition::All(vec![
            Condition::Compare("status".into(), Comparison::Equal, json!("APPROVED")),
            not(Condition::Has("muted_until".into())),
            Condition::Any(vec![
                not(Condition::Has("tat".into())),
                Condition::Compare("tat".into(), Comparison::AtMost, json!(i64::MAX)),
            ]),
            not(Condition::Compare("last".into(), Comparison::Equal, json!(number))),
        ]);
        let tat = SystemClock.now().as_micros();
        let changes = vec![Change::Set("tat".into(), json!(tat)), Change::Set("last".into(), json!(number))];
        Write::Update(self.member(), changes, condition)
    }
}
