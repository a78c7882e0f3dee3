//! The `Table` port on DynamoDB.

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{KeysAndAttributes, TransactWriteItem};
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::aws::backoff::{ATTEMPTS, Backoff};
use crate::aws::dynamo_error::{Failure, failure, transaction_failure};
use crate::aws::dynamo_expression::Expressions;
use crate::aws::dynamo_value::{Attributes, cursor, item, key_attributes, living_item, start_key};
use crate::aws::dynamo_write::DynamoWrite;
use crate::ports::{
    Clock, Consistency, Direction, Item, Key, Page, Partition, Query, Random, Table, TableError, Write,
};

/// The name of the table's one index.
const INDEX: &str = "index";
/// What DynamoDB takes in one batch of reads, and in one transaction.
const MAX_BATCH: usize = 100;
/// How many batches are read at once.
const BATCHES_AT_ONCE: usize = 4;

/// A DynamoDB table with the keys `pk` and `sk`, an index named `index` on `index_pk` and `index_sk`, and time to live
/// on `expires_at`.
///
/// The client must not repeat requests by itself: only here is it known which ones do no harm when they happen twice.
#[derive(Debug)]
pub struct DynamoTable {
    client: Client,
    name: String,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    backoff: Backoff,
}

impl DynamoTable {
    /// The table of that name.
    pub fn new(
        client: Client,
        name: impl Into<String>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        let backoff = Backoff::new(clock.clone(), random.clone());
        Self { client, name: name.into(), clock, random, backoff }
    }

    /// Makes a request again, a little later each time, while DynamoDB is overtaxed; where making it twice does no
    /// harm also when its fate is unknown.
    async fn repeat<T, F>(&self, harmless_twice: bool, call: impl Fn() -> F + Send) -> Result<T, TableError>
    where
        F: Future<Output = Result<T, Failure>> + Send,
    {
        let mut attempt = 0;
        loop {
            match call().await {
                Ok(answer) => return Ok(answer),
                Err(failure) if attempt + 1 < ATTEMPTS && failure.allows_repeat(harmless_twice) => {
                    self.backoff.pause(attempt).await;
                }
                Err(failure) => return Err(failure.into_table_error(self.clock.now())),
            }
            attempt += 1;
        }
    }

    fn living(&self, found: Vec<Attributes>) -> Result<Vec<Item>, TableError> {
        let now = self.clock.now();
        found.into_iter().filter_map(|attributes| living_item(attributes, now).transpose()).collect()
    }

    /// Reads at most [`MAX_BATCH`] keys; what DynamoDB leaves out for now is asked for again.
    async fn get_batch(
        &self,
        keys: Vec<Attributes>,
        consistent: bool,
    ) -> Result<Vec<Attributes>, TableError> {
        let mut found = Vec::with_capacity(keys.len());
        let mut left = keys;
        for attempt in 0..ATTEMPTS {
            let (items, unprocessed) =
                self.repeat(true, || self.ask_for_batch(left.clone(), consistent)).await?;
            found.extend(items);
            if unprocessed.is_empty() {
                return Ok(found);
            }
            left = unprocessed;
            self.backoff.pause(attempt).await;
        }
        Err(TableError::Unavailable("DynamoDB kept leaving keys of a batch unread".into()))
    }

    async fn ask_for_batch(
        &self,
        keys: Vec<Attributes>,
        consistent: bool,
    ) -> Result<(Vec<Attributes>, Vec<Attributes>), Failure> {
        let wanted = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(consistent).build();
        let wanted = wanted.map_err(|error| Failure::Refusing(error.into()))?;
        let answer =
            self.client.batch_get_item().request_items(&self.name, wanted).send().await.map_err(failure)?;
        let mut items = answer.responses.unwrap_or_default();
        let mut unprocessed = answer.unprocessed_keys.unwrap_or_default();
        let left = unprocessed.remove(&self.name).map(|keys| keys.keys).unwrap_or_default();
        Ok((items.remove(&self.name).unwrap_or_default(), left))
    }

    async fn ask_for_page(&self, query: &Query) -> Result<Page, Failure> {
        let mut expressions = Expressions::new(self.clock.now());
        let condition = expressions.key_condition(&query.partition, &query.range);
        let on_index = matches!(query.partition, Partition::Index(_));
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .set_index_name(on_index.then(|| INDEX.to_owned()))
            .key_condition_expression(condition)
            .set_expression_attribute_names(expressions.names())
            .set_expression_attribute_values(expressions.values())
            .scan_index_forward(query.direction == Direction::Forward)
            .limit(i32::try_from(query.limit).unwrap_or(i32::MAX))
            // An index cannot be read consistently; asking for it would be refused.
            .consistent_read(query.consistency == Consistency::Strong && !on_index)
            .set_exclusive_start_key(query.after.as_ref().map(|after| start_key(&query.partition, after)))
            .send()
            .await
            .map_err(failure)?;
        self.page(answer.items.unwrap_or_default(), answer.last_evaluated_key)
    }

    fn page(&self, found: Vec<Attributes>, last: Option<Attributes>) -> Result<Page, Failure> {
        let foreign = |error: TableError| Failure::Refusing(error.into());
        let next = last.map(cursor).transpose().map_err(foreign)?;
        Ok(Page { items: self.living(found).map_err(foreign)?, next })
    }

    /// What makes a transaction that is sent twice happen once.
    fn transaction_token(&self) -> String {
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }
}

/// DynamoDB's own answer to an item that is named twice depends on what is asked of it.
fn check_transaction(writes: &[Write]) -> Result<(), TableError> {
    let key = |write: &Write| match write {
        Write::Put(item, _) => item.key.clone(),
        Write::Update(key, ..) | Write::Delete(key, _) | Write::Check(key, _) => key.clone(),
    };
    let keys: HashSet<Key> = writes.iter().map(key).collect();
    if keys.len() < writes.len() {
        return Err(TableError::Invalid("a transaction names an item twice".into()));
    }
    if writes.len() > MAX_BATCH {
        return Err(TableError::Invalid(format!("a transaction has at most {MAX_BATCH} writes")));
    }
    Ok(())
}

#[async_trait]
impl Table for DynamoTable {
    async fn get(&self, key: &Key, consistency: Consistency) -> Result<Option<Item>, TableError> {
        let key = key_attributes(key)?;
        let consistent = consistency == Consistency::Strong;
        let found = self.repeat(true, || async {
            let request = self.client.get_item().table_name(&self.name).set_key(Some(key.clone()));
            let answer = request.consistent_read(consistent).send().await.map_err(failure)?;
            Ok(answer.item)
        });
        let found = found.await?;
        found.map(|attributes| living_item(attributes, self.clock.now())).transpose().map(Option::flatten)
    }

    async fn batch_get(&self, keys: &[Key], consistency: Consistency) -> Result<Vec<Item>, TableError> {
        let consistent = consistency == Consistency::Strong;
        let keys = keys.iter().map(key_attributes).collect::<Result<Vec<_>, _>>()?;
        let batches: Vec<_> =
            keys.chunks(MAX_BATCH).map(|batch| self.get_batch(batch.to_vec(), consistent)).collect();
        let found: Vec<_> = stream::iter(batches).buffer_unordered(BATCHES_AT_ONCE).try_concat().await?;
        self.living(found)
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        self.repeat(true, || self.ask_for_page(query)).await
    }

    async fn write(&self, write: Write) -> Result<Option<Item>, TableError> {
        let now = self.clock.now();
        let is_update = matches!(write, Write::Update(..));
        let write = DynamoWrite::new(write, now)?;
        // Never twice: the second time it would answer what the first one wrote.
        let answer = self.repeat(false, || write.clone().send(&self.client, &self.name)).await?;
        let answer = answer.filter(|attributes| !attributes.is_empty());
        match answer {
            Some(attributes) if is_update => item(attributes).map(Some),
            Some(attributes) => living_item(attributes, now),
            None => Ok(None),
        }
    }

    async fn transact(&self, writes: Vec<Write>) -> Result<(), TableError> {
        check_transaction(&writes)?;
        if writes.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let item = |write| {
            let write = DynamoWrite::new(write, now)?.transact_item(&self.name);
            write.map_err(|error| TableError::Invalid(error.to_string()))
        };
        let items = writes.into_iter().map(item).collect::<Result<Vec<TransactWriteItem>, _>>()?;
        let token = self.transaction_token();
        let request =
            self.client.transact_write_items().set_transact_items(Some(items)).client_request_token(token);
        self.repeat(true, || async { request.clone().send().await.map(drop).map_err(transaction_failure) })
            .await
    }
}
