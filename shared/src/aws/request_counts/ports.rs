//! Ports that count what is asked of them. Each request takes a second of a time that stands still otherwise, so that
//! seconds are rounds: requests made at once make one.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::expected::Counts;
use crate::aws::management_api::{Post, Posted};
use crate::aws::recording_table::RecordingTable;
use crate::ids::ConnectionId;
use crate::ports::{
    Condition, Consistency, Cursor, Item, Job, Jobs, JobsError, Key, Page, Query, Table, TableError, Write,
};
use crate::protocol::Frame;

/// What SQS takes in one request.
const MESSAGES_PER_REQUEST: usize = 10;
/// What one read unit reads, in bytes.
const READ_UNIT: u64 = 4096;

/// What was counted so far.
#[derive(Debug)]
pub(super) struct Tally {
    counts: Mutex<Counts>,
    began: Mutex<Instant>,
}

impl Tally {
    pub(super) fn new() -> Self {
        Self { counts: Mutex::default(), began: Mutex::new(Instant::now()) }
    }

    pub(super) fn begin(&self) {
        *self.counts.lock().unwrap() = Counts::default();
        *self.began.lock().unwrap() = Instant::now();
    }

    /// Rounds are those before the first post, if anything was posted.
    pub(super) fn end(&self) -> Counts {
        let rounds = self.began.lock().unwrap().elapsed().as_secs();
        let counts = *self.counts.lock().unwrap();
        if counts.posts > 0 { counts } else { Counts { rounds, ..counts } }
    }

    pub(super) async fn request(&self, note: impl FnOnce(&mut Counts)) {
        note(&mut self.counts.lock().unwrap());
        sleep(Duration::from_secs(1)).await;
    }
}

/// The bytes that DynamoDB counts of an item.
pub(super) fn size(item: &Item) -> u64 {
    let value = |value: &Value| match value {
        Value::String(text) => text.len(),
        // Two digits a byte, and one byte more.
        Value::Number(number) => number.to_string().len().div_ceil(2) + 1,
        _ => 1,
    };
    let attributes = item.attributes.iter().map(|(name, of)| name.len() + value(of));
    let bytes = "pk".len() + item.key.pk.len() + "sk".len() + item.key.sk.len() + attributes.sum::<usize>();
    u64::try_from(bytes).unwrap()
}

fn halves(bytes: u64, consistency: Consistency) -> u64 {
    let units = bytes.div_ceil(READ_UNIT).max(1);
    if consistency == Consistency::Strong { 2 * units } else { units }
}

#[derive(Debug)]
pub(super) struct CountingTable(pub(super) RecordingTable, pub(super) Arc<Tally>);

impl CountingTable {
    async fn read(&self, read_halves: u64) {
        self.1
            .request(|counts| {
                counts.reads += 1;
                counts.read_halves += read_halves;
            })
            .await;
    }
}

#[async_trait]
impl Table for CountingTable {
    async fn get(&self, key: &Key, consistency: Consistency) -> Result<Option<Item>, TableError> {
        let item = self.0.get(key, consistency).await?;
        self.read(halves(item.as_ref().map_or(0, size), consistency)).await;
        Ok(item)
    }

    async fn batch_get(&self, keys: &[Key], consistency: Consistency) -> Result<Vec<Item>, TableError> {
        let items = self.0.batch_get(keys, consistency).await?;
        // Each item is rounded up by itself, and what is missing costs, too.
        self.read(u64::try_from(keys.len()).unwrap() * halves(0, consistency)).await;
        Ok(items)
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        let mut page = self.0.query(query).await?;
        // DynamoDB looks no further than the limit, and so never knows that there is nothing beyond it.
        if page.items.len() == query.limit {
            let last = page.items.last().map(|item| Cursor { key: item.key.clone(), index_sk: None });
            page.next = page.next.or(last);
        }
        self.read(halves(page.items.iter().map(size).sum(), query.consistency)).await;
        Ok(page)
    }

    async fn write(&self, write: Write) -> Result<Option<Item>, TableError> {
        let condition = match &write {
            Write::Put(_, condition)
            | Write::Update(_, _, condition)
            | Write::Delete(_, condition)
            | Write::Check(_, condition) => condition,
        };
        let is_conditional = u64::from(!matches!(condition, Condition::Always));
        let note = |counts: &mut Counts| {
            counts.writes += 1;
            counts.conditional_writes += is_conditional;
        };
        self.1.request(note).await;
        self.0.write(write).await
    }

    async fn transact(&self, writes: Vec<Write>) -> Result<(), TableError> {
        let items = u64::try_from(writes.len()).unwrap();
        self.1.request(|counts| counts.transacted += items).await;
        self.0.transact(writes).await
    }
}

/// A queue that keeps its jobs.
#[derive(Debug)]
pub(super) struct CountingQueue(pub(super) Mutex<Vec<Job>>, pub(super) Arc<Tally>);

#[async_trait]
impl Jobs for CountingQueue {
    async fn enqueue(&self, jobs: Vec<(Job, Duration)>) -> Result<(), JobsError> {
        let requests = u64::try_from(jobs.len().div_ceil(MESSAGES_PER_REQUEST)).unwrap();
        let messages = u64::try_from(jobs.len()).unwrap();
        let note = |counts: &mut Counts| {
            counts.queue_requests += requests;
            counts.queue_messages += messages;
        };
        self.1.request(note).await;
        self.0.lock().unwrap().extend(jobs.into_iter().map(|(job, _)| job));
        Ok(())
    }
}

/// Sockets that take everything.
#[derive(Debug)]
pub(super) struct CountingSockets(pub(super) Arc<Tally>);

#[async_trait]
impl Post for CountingSockets {
    async fn post(&self, _: &ConnectionId, _: &Frame) -> Posted {
        let began = *self.0.began.lock().unwrap();
        let note = |counts: &mut Counts| {
            if counts.posts == 0 {
                counts.rounds = began.elapsed().as_secs();
            }
            counts.posts += 1;
        };
        self.0.request(note).await;
        Posted::Sent
    }

    async fn delete(&self, _: &ConnectionId) -> Posted {
        panic!("nothing here ends a socket");
    }
}
