//! Events of the bucket: an object has appeared, as a text under `messages/`, or as the end of an upload under `media/`.
//!
//! Read leniently: what we don't use may look as it likes.

use std::error::Error as StdError;

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::Value;

use crate::app::{App, broadcast_drop, finish_upload};
use crate::ids::StoredName;
use crate::ports::{Cause, DropRef};

/// Where in the bucket dropped texts lie.
const DROPS: &str = "messages/";
/// Where in the bucket media lie.
const MEDIA: &str = "media/";

#[derive(Debug, Deserialize)]
struct ObjectEvent {
    #[serde(rename = "Records")]
    records: Vec<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    event_name: Option<String>,
    s3: Entity,
}

#[derive(Debug, Deserialize)]
struct Entity {
    object: Object,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    key: String,
    version_id: Option<String>,
    e_tag: Option<String>,
}

/// Why an event was not dealt with; S3 sends it again, and in the end puts it into the dead-letter queue.
#[derive(Debug, thiserror::Error)]
enum ObjectEventError {
    #[error("this is no event of a bucket")]
    Foreign(#[source] serde_json::Error),
    #[error("an object's key is not UTF-8 once decoded")]
    Key(#[source] std::str::Utf8Error),
    #[error("the event names neither version nor ETag of an object")]
    NoVersion,
    #[error("{failed} of {all} objects were not dealt with")]
    Failed {
        failed: usize,
        all: usize,
        #[source]
        last: Cause,
    },
}

/// Sends every text that the event tells of, and finishes every upload. All are tried, even if some fail.
pub async fn handle(app: &App, event: Value) -> Result<(), Cause> {
    // What S3 sends once, when it is told to send events.
    if event.get("Event").and_then(Value::as_str) == Some("s3:TestEvent") {
        return Ok(());
    }
    let event: ObjectEvent = serde_json::from_value(event).map_err(ObjectEventError::Foreign)?;
    let all = event.records.len();
    let mut failures = Vec::new();
    for record in event.records {
        if let Err(error) = deal_with(app, record).await {
            let error_shown = &*error as &(dyn StdError + 'static);
            tracing::warn!(error = error_shown, "a new object was not dealt with; it is tried again");
            failures.push(error);
        }
    }
    let failed = failures.len();
    match failures.pop() {
        Some(last) => Err(ObjectEventError::Failed { failed, all, last }.into()),
        None => Ok(()),
    }
}

async fn deal_with(app: &App, record: Value) -> Result<(), Cause> {
    let record: Record = serde_json::from_value(record).map_err(ObjectEventError::Foreign)?;
    // Removals and restorations are none of our business, should the bucket ever be told to send them.
    let created = record.event_name.as_deref().is_none_or(|name| name.contains("ObjectCreated"));
    if !created {
        return Ok(());
    }
    let key = decoded(&record.s3.object.key).map_err(ObjectEventError::Key)?;
    if let Some(path) = key.strip_prefix(DROPS) {
        let version = version_of(&record.s3.object).ok_or(ObjectEventError::NoVersion)?;
        broadcast_drop(app, &DropRef { path: path.to_owned(), version }).await?;
    } else if let Some(name) = key.strip_prefix(MEDIA).and_then(direct_upload) {
        finish_upload(app, &name).await?;
    }
    Ok(())
}

/// The name of what somebody put there directly. What a function puts there is that function's business.
fn direct_upload(name: &str) -> Option<StoredName> {
    name.parse().ok().filter(StoredName::is_direct)
}

/// The version, or else the ETag in the quotes that HTTP puts around it: these tell the two apart.
fn version_of(object: &Object) -> Option<String> {
    let named = |text: &&String| !text.is_empty();
    let version = object.version_id.as_ref().filter(named).cloned();
    let e_tag = || object.e_tag.as_ref().filter(named).map(|tag| format!("\"{}\"", tag.trim_matches('"')));
    version.or_else(e_tag)
}

/// A key as S3's events write it: like a form's field, with `+` for a space.
fn decoded(key: &str) -> Result<String, std::str::Utf8Error> {
    let key = key.replace('+', " ");
    percent_decode_str(&key).decode_utf8().map(|text| text.into_owned())
}
