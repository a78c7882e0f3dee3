//! Jobs that wait for a timer, and those that it put aside. On AWS queues keep both.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::record::{from_item, key, to_item};
use crate::ports::{
    Change, Condition, Consistency, Direction, Item, Job, Key, Partition, Query, Random, SortRange, Table,
    TableError, Write,
};
use crate::protocol::Timestamp;

const WAITING: &str = "JOBS";
const ASIDE: &str = "JOBS#dead";

/// How long a job that was put aside is kept: as long as SQS keeps a message.
const KEPT_ASIDE: Duration = Duration::from_secs(14 * 24 * 3600);
/// How many jobs are added at a time: the most writes that one transaction takes.
pub const MAX_ADDED: usize = 100;
/// How many jobs are read at a time.
const PAGE: usize = 100;

/// A job that waits for its moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WaitingJob {
    /// Its place in the partition: when it was due at first, then chance.
    #[serde(skip)]
    name: String,
    /// What is to be done.
    pub job: Job,
    /// When, in microseconds since 1970.
    due_at: i64,
    /// How often it was tried in vain.
    pub attempts: u32,
}

/// A job that is no longer tried.
#[derive(Debug, Serialize, Deserialize)]
struct AsideJob {
    #[serde(flatten)]
    job: WaitingJob,
    /// Why the last attempt failed.
    error: String,
    expires_at: i64,
}

impl WaitingJob {
    /// A job that was not tried yet.
    pub fn new(job: Job, due: Timestamp, random: &dyn Random) -> Self {
        let mut chance = [0; 8];
        random.fill(&mut chance);
        let due_at = due.as_micros();
        let name = format!("{due_at:020}#{:016x}", u64::from_be_bytes(chance));
        Self { name, job, due_at, attempts: 0 }
    }

    /// When it is to be done.
    pub fn due(&self) -> Timestamp {
        Timestamp::from_micros(self.due_at)
    }

    /// The same job after an attempt in vain, due later.
    #[must_use]
    pub fn again(self, due: Timestamp) -> Self {
        Self { due_at: due.as_micros(), attempts: self.attempts + 1, ..self }
    }

    /// Whether it outlives the process. Sockets do not, and so neither do their greeting, their signs of life, nor the look at
    /// who has left with them.
    pub fn is_lasting(&self) -> bool {
        !matches!(self.job, Job::Welcome { .. } | Job::KeepAlive { .. } | Job::CheckAbsence { .. })
    }

    /// The write that forgets it, once it is done.
    pub fn completion(&self) -> Write {
        Write::Delete(self.waiting(), Condition::Always)
    }

    /// The writes that move it to where it is no longer tried, with the sentence that says why.
    pub fn setting_aside(&self, error: &str, now: Timestamp) -> Result<Vec<Write>, TableError> {
        let record = AsideJob {
            job: self.clone(),
            error: error.to_owned(),
            expires_at: now.plus(KEPT_ASIDE).as_secs(),
        };
        let item = to_item(key(ASIDE, self.name.as_str()), &record)?;
        Ok(vec![Write::Put(item, Condition::Always), self.completion()])
    }

    fn waiting(&self) -> Key {
        key(WAITING, self.name.as_str())
    }

    fn addition(&self) -> Result<Write, TableError> {
        Ok(Write::Put(to_item(self.waiting(), self)?, Condition::Always))
    }
}

/// The waiting jobs in a table.
#[derive(Debug)]
pub struct WaitingJobs<'a>(pub &'a dyn Table);

impl WaitingJobs<'_> {
    /// Stores new jobs, at most [`MAX_ADDED`] of them: all or none.
    pub async fn add(&self, jobs: &[WaitingJob]) -> Result<(), TableError> {
        let writes = jobs.iter().map(WaitingJob::addition).collect::<Result<_, _>>()?;
        self.0.transact(writes).await
    }

    /// All jobs that wait.
    pub async fn all(&self) -> Result<Vec<WaitingJob>, TableError> {
        self.read(WAITING).await
    }

    /// All jobs that were put aside.
    pub async fn all_aside(&self) -> Result<Vec<WaitingJob>, TableError> {
        self.read(ASIDE).await
    }

    async fn read(&self, partition: &str) -> Result<Vec<WaitingJob>, TableError> {
        let mut query = Query {
            partition: Partition::Table(partition.to_owned()),
            range: SortRange::All,
            direction: Direction::Forward,
            limit: PAGE,
            after: None,
            consistency: Consistency::Strong,
        };
        let mut jobs = Vec::new();
        loop {
            let page = self.0.query(&query).await?;
            jobs.extend(page.items.into_iter().filter_map(read_job));
            query.after = page.next;
            if query.after.is_none() {
                return Ok(jobs);
            }
        }
    }

    /// Notes what [`WaitingJob::again`] changed.
    pub async fn put_off(&self, job: &WaitingJob) -> Result<(), TableError> {
        let changes = vec![
            Change::Set("attempts".to_owned(), job.attempts.into()),
            Change::Set("due_at".to_owned(), job.due_at.into()),
        ];
        let update = Write::Update(job.waiting(), changes, Condition::Exists);
        self.0.write(update).await.map(drop)
    }
}

/// A job that another version of the program stored is left for that version, rather than keeping us from starting.
fn read_job(item: Item) -> Option<WaitingJob> {
    let name = item.key.sk.clone();
    match from_item(item) {
        Ok(job) => Some(WaitingJob { name, ..job }),
        Err(error) => {
            tracing::error!(%error, name, "a stored job cannot be read; it is left alone");
            None
        }
    }
}
