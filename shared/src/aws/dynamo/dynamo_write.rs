//! Writes as DynamoDB takes them: alone or in a transaction.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, Put, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};

use crate::aws::dynamo_error::{Failure, write_failure};
use crate::aws::dynamo_expression::Expressions;
use crate::aws::dynamo_value::{Attributes, item_attributes, key_attributes};
use crate::ports::{Condition, TableError, Write};
use crate::protocol::Timestamp;

/// A write, put into DynamoDB's words.
#[derive(Debug, Clone)]
pub(in crate::aws) struct DynamoWrite {
    verb: Verb,
    terms: Terms,
}

#[derive(Debug, Clone)]
enum Verb {
    Put(Attributes),
    Update(Attributes, Option<String>),
    Delete(Attributes),
    Check(Attributes),
}

/// On what condition, and what the placeholders stand for.
#[derive(Debug, Clone)]
struct Terms {
    condition: Option<String>,
    names: Option<HashMap<String, String>>,
    values: Option<Attributes>,
}

/// What a refused write answers: the item that stood in its way.
const OLD: ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure::AllOld;

impl DynamoWrite {
    /// Puts a write into words; what counts as expired is judged by `now`.
    pub(in crate::aws) fn new(write: Write, now: Timestamp) -> Result<Self, TableError> {
        let mut expressions = Expressions::new(now);
        let (verb, condition) = match write {
            Write::Put(item, condition) => (Verb::Put(item_attributes(item)?), condition),
            Write::Update(key, changes, condition) => {
                (Verb::Update(key_attributes(&key)?, expressions.changes(changes)), condition)
            }
            Write::Delete(key, condition) => (Verb::Delete(key_attributes(&key)?), condition),
            // DynamoDB wants an expression even of a check that always holds.
            Write::Check(key, Condition::Always) => {
                (Verb::Check(key_attributes(&key)?), Condition::All(Vec::new()))
            }
            Write::Check(key, condition) => (Verb::Check(key_attributes(&key)?), condition),
        };
        let condition = expressions.condition(&condition);
        let terms = Terms { condition, names: expressions.names(), values: expressions.values() };
        Ok(Self { verb, terms })
    }

    /// Does it alone. An update answers the item as it is now, the others the item as it was.
    pub(in crate::aws) async fn send(
        self,
        client: &Client,
        table: &str,
    ) -> Result<Option<Attributes>, Failure> {
        match self.verb {
            Verb::Put(item) => put(client, table, item, self.terms).await,
            Verb::Update(key, changes) => update(client, table, key, changes, self.terms).await,
            Verb::Delete(key) => delete(client, table, key, self.terms).await,
            Verb::Check(_) => Err(Failure::Invalid("a check stands in transactions alone".into())),
        }
    }

    /// The same as a part of a transaction.
    pub(in crate::aws) fn transact_item(self, table: &str) -> Result<TransactWriteItem, BuildError> {
        let item = TransactWriteItem::builder();
        Ok(match self.verb {
            Verb::Put(attributes) => item.put(transact_put(table, attributes, self.terms)?),
            Verb::Update(key, changes) => item.update(transact_update(table, key, changes, self.terms)?),
            Verb::Delete(key) => item.delete(transact_delete(table, key, self.terms)?),
            Verb::Check(key) => item.condition_check(transact_check(table, key, self.terms)?),
        }
        .build())
    }
}

async fn put(
    client: &Client,
    table: &str,
    item: Attributes,
    terms: Terms,
) -> Result<Option<Attributes>, Failure> {
    let request = client.put_item().table_name(table).set_item(Some(item));
    let answer = request
        .set_condition_expression(terms.condition)
        .set_expression_attribute_names(terms.names)
        .set_expression_attribute_values(terms.values)
        .return_values(ReturnValue::AllOld)
        .return_values_on_condition_check_failure(OLD)
        .send()
        .await;
    answer.map(|answer| answer.attributes).map_err(write_failure)
}

async fn update(
    client: &Client,
    table: &str,
    key: Attributes,
    changes: Option<String>,
    terms: Terms,
) -> Result<Option<Attributes>, Failure> {
    let request = client.update_item().table_name(table).set_key(Some(key));
    let answer = request
        .set_update_expression(changes)
        .set_condition_expression(terms.condition)
        .set_expression_attribute_names(terms.names)
        .set_expression_attribute_values(terms.values)
        .return_values(ReturnValue::AllNew)
        .return_values_on_condition_check_failure(OLD)
        .send()
        .await;
    answer.map(|answer| answer.attributes).map_err(write_failure)
}

async fn delete(
    client: &Client,
    table: &str,
    key: Attributes,
    terms: Terms,
) -> Result<Option<Attributes>, Failure> {
    let request = client.delete_item().table_name(table).set_key(Some(key));
    let answer = request
        .set_condition_expression(terms.condition)
        .set_expression_attribute_names(terms.names)
        .set_expression_attribute_values(terms.values)
        .return_values(ReturnValue::AllOld)
        .return_values_on_condition_check_failure(OLD)
        .send()
        .await;
    answer.map(|answer| answer.attributes).map_err(write_failure)
}

fn transact_put(table: &str, item: Attributes, terms: Terms) -> Result<Put, BuildError> {
    Put::builder()
        .table_name(table)
        .set_item(Some(item))
        .set_condition_expression(terms.condition)
        .set_expression_attribute_names(terms.names)
        .set_expression_attribute_values(terms.values)
        .return_values_on_condition_check_failure(OLD)
        .build()
}

/// In a transaction DynamoDB insists on an expression: an update without changes has no place there.
fn transact_update(
    table: &str,
    key: Attributes,
    changes: Option<String>,
    terms: Terms,
) -> Result<Update, BuildError> {
    Update::builder()
        .table_name(table)
        .set_key(Some(key))
        .set_update_expression(changes)
        .set_condition_expression(terms.condition)
        .set_expression_attribute_names(terms.names)
        .set_expression_attribute_values(terms.values)
        .return_values_on_condition_check_failure(OLD)
        .build()
}

fn transact_delete(table: &str, key: Attributes, terms: Terms) -> Result<Delete, BuildError> {
    Delete::builder()
        .table_name(table)
        .set_key(Some(key))
        .set_condition_expression(terms.condition)
        .set_expression_attribute_names(terms.names)
        .set_expression_attribute_values(terms.values)
        .return_values_on_condition_check_failure(OLD)
        .build()
}

fn transact_check(table: &str, key: Attributes, terms: Terms) -> Result<ConditionCheck, BuildError> {
    ConditionCheck::builder()
        .table_name(table)
        .set_key(Some(key))
        .set_condition_expression(terms.condition)
        .set_expression_attribute_names(terms.names)
        .set_expression_attribute_values(terms.values)
        .return_values_on_condition_check_failure(OLD)
        .build()
}
