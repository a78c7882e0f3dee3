//! What is done with whole queues.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::queue_attributes::QueueAttributes;
use super::queue_name::queue_name;
use super::service::SqsService;
use super::sqs_error::{Refusal, SqsError};

/// The most names of one answer.
const MAX_RESULTS: usize = 1000;
/// What `GetQueueAttributes` knows that can be asked for and is not said of every queue.
const OPTIONAL: [&str; 7] = [
    "Policy",
    "RedrivePolicy",
    "RedriveAllowPolicy",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "SqsManagedSseEnabled",
    "FifoQueue",
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    queue_name: String,
    #[serde(default)]
    attributes: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    queue_name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Addressed {
    queue_url: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Asked {
    queue_url: String,
    #[serde(default)]
    attribute_names: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    #[serde(default)]
    queue_name_prefix: Option<String>,
    #[serde(default)]
    max_results: Option<usize>,
    /// The last name of the answer before.
    #[serde(default)]
    next_token: Option<String>,
}

pub(super) fn create(service: &SqsService, request: &Create) -> Result<Value, SqsError> {
    let attributes = QueueAttributes::parse(request.attributes.as_ref().unwrap_or(&BTreeMap::new()))?;
    if let Some(redrive) = &attributes.redrive {
        service.queues.attributes(&redrive.dead_letters)?;
    }
    service.queues.create(&request.queue_name, attributes)?;
    Ok(json!({ "QueueUrl": service.queue_url(&request.queue_name) }))
}

pub(super) fn get_url(service: &SqsService, request: &Named) -> Result<Value, SqsError> {
    service.queues.attributes(&request.queue_name)?;
    Ok(json!({ "QueueUrl": service.queue_url(&request.queue_name) }))
}

pub(super) fn get_attributes(service: &SqsService, request: &Asked) -> Result<Value, SqsError> {
    let mut texts = all_attributes(service, &queue_name(&request.queue_url)?)?;
    let names = request.attribute_names.as_deref().unwrap_or(&[]);
    let is_known = |name: &&String| {
        *name == "All" || OPTIONAL.contains(&name.as_str()) || texts.contains_key(name.as_str())
    };
    if let Some(unknown) = names.iter().find(|name| !is_known(name)) {
        return Err(SqsError::new(Refusal::InvalidAttributeName, format!("Unknown Attribute {unknown}.")));
    }
    texts.retain(|name, _| names.iter().any(|wanted| wanted == "All" || wanted == name));
    Ok(if texts.is_empty() { json!({}) } else { json!({ "Attributes": texts }) })
}

fn all_attributes(service: &SqsService, queue: &str) -> Result<BTreeMap<String, String>, SqsError> {
    let (attributes, created_at) = service.queues.attributes(queue)?;
    let counts = service.queues.counts(queue)?;
    let mut texts = attributes.texts(queue);
    let mut say = |name: &str, text: String| texts.insert(name.to_owned(), text);
    say("ApproximateNumberOfMessages", counts.ready.to_string());
    say("ApproximateNumberOfMessagesDelayed", counts.delayed.to_string());
    say("ApproximateNumberOfMessagesNotVisible", counts.in_flight.to_string());
    say("CreatedTimestamp", created_at.as_secs().to_string());
    // Nothing changes a queue once it is made.
    say("LastModifiedTimestamp", created_at.as_secs().to_string());
    Ok(texts)
}

pub(super) fn list(service: &SqsService, request: &List) -> Result<Value, SqsError> {
    let names = service.queues.names(request.queue_name_prefix.as_deref().unwrap_or_default());
    let after = request.next_token.as_deref().unwrap_or_default();
    let mut left = names.into_iter().filter(|name| name.as_str() > after);
    let count = request.max_results.unwrap_or(MAX_RESULTS);
    if !(1..=MAX_RESULTS).contains(&count) {
        return Err(SqsError::invalid(format!("MaxResults is a number from 1 to {MAX_RESULTS}.")));
    }
    let page: Vec<String> = left.by_ref().take(count).collect();
    let urls: Vec<String> = page.iter().map(|name| service.queue_url(name)).collect();
    let mut answer = json!({ "QueueUrls": urls });
    if let Some(last) = page.last().filter(|_| left.next().is_some()) {
        answer["NextToken"] = json!(last);
    }
    Ok(answer)
}

pub(super) fn purge(service: &SqsService, request: &Addressed) -> Result<Value, SqsError> {
    service.queues.purge(&queue_name(&request.queue_url)?)?;
    Ok(json!({}))
}
