//! What all batch requests have in common.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::sqs_error::{Refusal, SqsError};

/// The most entries.
pub(super) const MAX_ENTRIES: usize = 10;

/// A batch for one queue.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Batch<T> {
    pub(super) queue_url: String,
    #[serde(default = "Vec::new")]
    pub(super) entries: Vec<Entry<T>>,
}

/// One entry, and its name in the answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entry<T> {
    pub(super) id: String,
    #[serde(flatten)]
    pub(super) what: T,
}

impl<T> Batch<T> {
    /// Refuses batches that are wrong as a whole.
    pub(super) fn check(&self) -> Result<(), SqsError> {
        let refused = |kind, message: String| Err(SqsError::new(kind, message));
        let count = self.entries.len();
        if count == 0 {
            let message = "There should be at least one entry in the request.".to_owned();
            return refused(Refusal::EmptyBatchRequest, message);
        }
        if count > MAX_ENTRIES {
            let message =
                format!("Maximum number of entries per request are {MAX_ENTRIES}. You have sent {count}.");
            return refused(Refusal::TooManyEntries, message);
        }
        if self.entries.iter().any(|entry| !is_id(&entry.id)) {
            let message = "A batch entry id is 1 to 80 alphanumeric characters, hyphens and underscores.";
            return refused(Refusal::InvalidBatchEntryId, message.to_owned());
        }
        let mut ids = HashSet::new();
        match self.entries.iter().find(|entry| !ids.insert(&entry.id)) {
            Some(twice) => refused(Refusal::BatchEntryIdsNotDistinct, format!("Id {} repeated.", twice.id)),
            None => Ok(()),
        }
    }
}

/// Does each entry by itself; answers which succeeded, and why others did not.
pub(super) fn each<T>(
    batch: Vec<Entry<T>>,
    act: impl Fn(T) -> Result<Value, SqsError>,
) -> Result<Value, SqsError> {
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for entry in batch {
        match act(entry.what) {
            Ok(mut value) => {
                value["Id"] = json!(entry.id);
                successful.push(value);
            }
            Err(error) => failed.push(error.entry(&entry.id)),
        }
    }
    Ok(json!({ "Successful": successful, "Failed": failed }))
}

fn is_id(id: &str) -> bool {
    let are_allowed = id.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    are_allowed && (1..=80).contains(&id.len())
}
