//! Jobs that wait to be run, and those that were put aside. On AWS queues keep both.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::ports::{
    Change, Condition, Consistency, Direction, EXPIRES_AT, Item, Job, Key, Partition, Query, Random,
    SortRange, Table, TableError, Write,
};
use crate::protocol::Timestamp;

const WAITING: &str = "JOBS";
const ASIDE: &str = "JOBS#dead";
/// The attributes of a job.
const JOB: &str = "job";
const DUE_AT: &str = "due_at";
const ATTEMPTS: &str = "attempts";

/// How long a job that was put aside is kept: as long as SQS keeps a message.
const KEPT_ASIDE: Duration = Duration::from_secs(14 * 24 * 3600);
/// The most writes that one transaction takes.
const TRANSACTION: usize = 100;
const PAGE: usize = 100;

/// A job that waits for its moment.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingJob {
    /// The place in the partition: when it was due at first, then chance.
    name: String,
    /// What is to be done.
    pub job: Job,
    /// When.
    pub due: Timestamp,
    /// How often it was tried in vain.
    pub attempts: u32,
}

impl WaitingJob {
    /// A job that was not tried yet.
    pub fn new(job: Job, due: Timestamp, random: &dyn Random) -> Self {
        let mut chance = [0; 8];
        random.fill(&mut chance);
        let name = format!("{:020}#{:016x}", due.as_micros(), u64::from_be_bytes(chance));
        Self {
            name,
            job,
            due,
            attempts: 0,
        }
    }

    /// Whether it outlives the process. A socket does not, and so neither does its greeting.
    pub fn is_stored(&self) -> bool {
        !matches!(self.job, Job::Welcome { .. })
    }

    fn key(&self, pk: &str) -> Key {
        Key {
            pk: pk.into(),
            sk: self.name.clone(),
        }
    }

    fn attributes(&self) -> Result<Map<String, Value>, TableError> {
        let job = serde_json::to_value(&self.job).map_err(|error| TableError::Invalid(error.to_string()))?;
        let entries = [
            (JOB, job),
            (DUE_AT, self.due.as_micros().into()),
            (ATTEMPTS, self.attempts.into()),
        ];
        Ok(entries
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect())
    }

    /// The job in an item; none if a program of another version wrote it.
    fn from_item(item: Item) -> Option<Self> {
        let Item { key, mut attributes } = item;
        Some(Self {
            name: key.sk,
            job: serde_json::from_value(attributes.remove(JOB)?).ok()?,
            due: Timestamp::from_micros(attributes.get(DUE_AT)?.as_i64()?),
            attempts: attributes.get(ATTEMPTS)?.as_u64()?.try_into().ok()?,
        })
    }
}

/// Stores new jobs.
pub async fn add(table: &dyn Table, jobs: &[WaitingJob]) -> Result<(), TableError> {
    for jobs in jobs.chunks(TRANSACTION) {
        let writes = jobs.iter().map(|job| {
            Ok(Write::Put(
                Item {
                    key: job.key(WAITING),
                    attributes: job.attributes()?,
                },
                Condition::Always,
            ))
        });
        table.transact(writes.collect::<Result<_, TableError>>()?).await?;
    }
    Ok(())
}

/// All jobs that wait, by their first moment.
pub async fn all_waiting(table: &dyn Table) -> Result<Vec<WaitingJob>, TableError> {
    read_all(table, WAITING).await
}

/// All jobs that were put aside, by their first moment.
pub async fn all_aside(table: &dyn Table) -> Result<Vec<WaitingJob>, TableError> {
    read_all(table, ASIDE).await
}

async fn read_all(table: &dyn Table, pk: &str) -> Result<Vec<WaitingJob>, TableError> {
    let mut query = Query {
        partition: Partition::Table(pk.into()),
        range: SortRange::All,
        direction: Direction::Forward,
        limit: PAGE,
        after: None,
        consistency: Consistency::Strong,
    };
    let mut jobs = Vec::new();
    loop {
        let page = table.query(&query).await?;
        jobs.extend(page.items.into_iter().filter_map(read));
        query.after = page.next;
        if query.after.is_none() {
            return Ok(jobs);
        }
    }
}

fn read(item: Item) -> Option<WaitingJob> {
    let name = item.key.sk.clone();
    let job = WaitingJob::from_item(item);
    if job.is_none() {
        tracing::error!(
            name,
            "a stored job is of a kind that this version does not know; it is left alone"
        );
    }
    job
}

/// Notes that a job was tried in vain and when it is due again.
pub async fn put_off(table: &dyn Table, job: &WaitingJob) -> Result<(), TableError> {
    let changes = vec![
        Change::Set(ATTEMPTS.into(), job.attempts.into()),
        Change::Set(DUE_AT.into(), job.due.as_micros().into()),
    ];
    table
        .write(Write::Update(job.key(WAITING), changes, Condition::Exists))
        .await
        .map(drop)
}

/// Forgets a job that is done.
pub async fn finish(table: &dyn Table, job: &WaitingJob) -> Result<(), TableError> {
    table
        .write(Write::Delete(job.key(WAITING), Condition::Always))
        .await
        .map(drop)
}

/// Moves a job that keeps failing to where it is no longer tried, with the sentence that says why.
pub async fn put_aside(
    table: &dyn Table,
    job: &WaitingJob,
    error: &str,
    now: Timestamp,
) -> Result<(), TableError> {
    let mut attributes = job.attributes()?;
    attributes.insert("error".into(), error.into());
    attributes.insert("put_aside_at".into(), json!(now.as_micros()));
    attributes.insert(EXPIRES_AT.into(), json!(now.plus(KEPT_ASIDE).as_secs()));
    let put = Write::Put(
        Item {
            key: job.key(ASIDE),
            attributes,
        },
        Condition::Always,
    );
    table
        .transact(vec![put, Write::Delete(job.key(WAITING), Condition::Always)])
        .await
}
